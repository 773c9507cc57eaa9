package io.visitorcounter.release.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import io.visitorcounter.release.Digest;
import io.visitorcounter.release.FixtureApp;
import io.visitorcounter.release.image.LoopbackRegistry;
import io.visitorcounter.release.image.RegistryImages;
import io.visitorcounter.release.ledger.TamperedLedger;
import io.visitorcounter.release.trust.StatementBundle;
import io.visitorcounter.release.trust.TestSigner;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What is signed of a release image: in the ledger, in registries of both kinds, and whatever is wrong with it there. */
class AttachedStatementsTest {

    private static final String INDEX = "application/vnd.oci.image.index.v1+json";
    private static final String BUNDLE = StatementBundle.MEDIA_TYPE;
    private static final String SBOM = "{\"bomFormat\": \"CycloneDX\", \"specVersion\": \"1.5\"}\n";
    private static final String FOLDER = "dev/000001/image/";
    private static final String SIGNATURE = "release-signature.sigstore.json";
    private static final String PROVENANCE = "release-provenance.sigstore.json";
    private static final String SIGNED = "https://sigstore.dev/cosign/sign/v1";
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    Path project;

    private final LoopbackRegistry registry = new LoopbackRegistry();
    private Tool tool;
    private String app;
    private TestSigner ci;
    private TestSigner other;

    @BeforeEach
    void setUp() throws IOException {
        tool = new Tool(project);
        tool.config("dev", "app { greeting = one }");
        app = RegistryImages.push(
                FixtureApp.tar(project.resolve("app.tar"), "1"), registry.host() + "/team/app", Map.of());
        ci = TestSigner.make(project.resolve("ci"), "jenkins-2026");
        other = TestSigner.make(project.resolve("other"), "other-2026");
        ci.allow(project.resolve("environments"), "ci");
        other.allow(project.resolve("environments"), "other");
        tool.variables().put("RELEASE_SIGNING_KEY", ci.file());
        tool.variables().put("JENKINS_URL", "https://ci.example/");
        Files.writeString(project.resolve("sbom.json"), SBOM);
    }

    @AfterEach
    void tearDown() {
        registry.close();
    }

    private void release() {
        tool.mustRun(
                "create",
                "dev",
                "--app",
                app,
                "--sbom",
                project.resolve("sbom.json").toString());
    }

    private Digest image() {
        return new Digest(tool.field("dev@v1", "/releaseImage/digest"));
    }

    private String tag() {
        return "sha256-" + image().hex();
    }

    @Test
    void aRegistryWithoutAListGetsOneUnderATagThatReadersCanFilter() throws IOException {
        release();

        JsonNode index = JSON.readTree(registry.manifest("team/app", tag()));
        assertThat(index.path("mediaType").asText()).isEqualTo(INDEX);
        assertThat(index.path("manifests").findValuesAsText("artifactType"))
                .containsExactlyInAnyOrder(BUNDLE, BUNDLE, "application/vnd.cyclonedx+json");
        assertThat(index.path("manifests").findValuesAsText("dev.sigstore.bundle.predicateType"))
                .containsExactlyInAnyOrder(SIGNED, "https://slsa.dev/provenance/v1");
        for (JsonNode each : index.path("manifests")) {
            JsonNode manifest = JSON.readTree(
                    registry.manifest("team/app", each.path("digest").asText()));
            assertThat(manifest.path("artifactType")).isEqualTo(each.path("artifactType"));
            assertThat(manifest.at("/subject/digest").asText()).isEqualTo(image().text());
        }
        int writes = registry.writes().size();
        release();
        tool.mustRun("verify", "--all", "--deep");
        assertThat(registry.writes()).hasSize(writes);
    }

    @Test
    void withoutAKeyNothingIsAttachedAndWithoutAJobNothingIsSaidOfHow() {
        tool.variables().remove("RELEASE_SIGNING_KEY");
        release();
        assertThat(registry.requests()).noneMatch(request -> request.contains("sha256-"));

        tool.variables().put("RELEASE_SIGNING_KEY", ci.file());
        tool.variables().remove("JENKINS_URL");
        tool.config("dev", "app { greeting = two }");
        release();

        assertThat(tool.run("verify", "--all", "--deep")).isZero();
        TamperedLedger.change(
                project.resolve(".release/ledger.git"),
                files -> assertThat(files.navigableKeySet())
                        .contains("dev/000002/image/" + SIGNATURE)
                        .doesNotContain("dev/000002/image/" + PROVENANCE)
                        .noneMatch(name -> name.startsWith(FOLDER) && name.endsWith(".sigstore.json")));
    }

    @Test
    void aRegistryThatListsByItselfIsLeftToIt() {
        registry.listReferrers();

        release();

        assertThat(registry.writes()).noneMatch(request -> request.contains("sha256-"));
        tool.mustRun("verify", "--all", "--deep");
    }

    @Test
    void whatOthersAttachedStays() throws IOException {
        tool.mustRun("create", "dev", "--app", app, "--dry-run", "--output", "json");
        String tag = "sha256-"
                + tool.json().at("/release/releaseImage/digest").asText().substring("sha256:".length());
        String others = "{\"mediaType\":\"x\",\"digest\":\"" + Digest.of(new byte[0]) + "\",\"size\":0,\"data\":\"\"}";
        registry.putManifest("team/app", tag, index(others), INDEX);

        release();

        assertThat(JSON.readTree(registry.manifest("team/app", tag)).path("manifests"))
                .hasSize(4)
                .contains(JSON.readTree(others));
    }

    @Test
    void aTagThatIsTakenForSomethingElseStopsTheReleaseUnlessNothingIsToBeAttached() {
        tool.mustRun("create", "dev", "--app", app, "--dry-run", "--output", "json");
        String tag = "sha256-"
                + tool.json().at("/release/releaseImage/digest").asText().substring("sha256:".length());
        registry.putManifest("team/app", tag, "{\"layers\":[]}".getBytes(StandardCharsets.UTF_8), "text/plain");

        assertThat(tool.run("create", "dev", "--app", app)).isEqualTo(7);
        assertThat(tool.err()).contains(tag + ": this tag holds something else", "RELEASE_REFERRERS=off");
        assertThat(tool.run("show", "dev")).isEqualTo(9);
        tool.variables().put("RELEASE_REFERRERS", "off");
        release();
        tool.mustRun("verify", "--all", "--deep");
        tool.variables().put("RELEASE_REFERRERS", "perhaps");
        assertThat(tool.run("verify", "--all")).isEqualTo(2);
    }

    @Test
    void whatACleanUpDeletedIsPutBackToTheBit() throws IOException {
        release();
        byte[] before = registry.manifest("team/app", tag());
        for (String digest : JSON.readTree(before).path("manifests").findValuesAsText("digest")) {
            registry.deleteManifest("team/app", new Digest(digest));
        }
        registry.deleteManifest("team/app", Digest.of(before));

        assertThat(tool.run("verify", "dev", "--deep")).isEqualTo(5);
        assertThat(tool.err())
                .contains("sbom.json: is not attached to the image in its registry; release repair dev@v1");
        tool.mustRun("repair", "--dry-run");
        assertThat(tool.out().lines()).hasSize(3).allMatch(line -> line.startsWith("missing   dev v1: "));
        tool.mustRun("repair");

        assertThat(JSON.readTree(registry.manifest("team/app", tag()))).isEqualTo(JSON.readTree(before));
        tool.mustRun("verify", "dev", "--deep");
        tool.mustRun("repair");
        assertThat(tool.out()).isEqualTo("nothing to repair in 1 release\n");
    }

    @Test
    void aRollbackKeepsWhatWasSaidOfItsImage() {
        release();
        tool.config("dev", "app { greeting = two }");
        release();
        int writes = registry.writes().size();

        tool.mustRun("rollback", "dev", "v1", "--signing-key", other.file());

        assertThat(registry.writes()).hasSize(writes);
        tool.mustRun("verify", "--all", "--deep");
    }

    /** A change of what the ledger keeps, and what verify says of it. */
    private Arguments kept(String name, String expected, Consumer<NavigableMap<String, byte[]>> change) {
        return Arguments.of(name, expected, change);
    }

    @Test
    void whateverIsChangedOfWhatTheLedgerKeepsIsFound() {
        release();
        Path ledger = project.resolve(".release/ledger.git");
        byte[][] now = new byte[2][];
        TamperedLedger.change(ledger, files -> {
            now[0] = Objects.requireNonNull(files.get(FOLDER + SIGNATURE));
            now[1] = Objects.requireNonNull(files.get(FOLDER + PROVENANCE));
        });
        TestSigner stranger = TestSigner.make(project.resolve("stranger"), "stranger");
        for (Arguments each : List.of(
                kept("none", "the entry is signed, and its image is not", files -> files.remove(FOLDER + SIGNATURE)),
                kept(
                        "a stranger's",
                        "by a key that is not in",
                        files -> files.put(
                                FOLDER + SIGNATURE, StatementBundle.sign(statement(now[0]), stranger.signing()))),
                kept(
                        "another's",
                        "by other (other-2026), who did not sign the entry",
                        files -> files.put(
                                FOLDER + SIGNATURE, StatementBundle.sign(statement(now[0]), other.signing()))),
                kept(
                        "a byte",
                        SIGNATURE + ": not signed by the key that it names, of ci",
                        files -> files.put(
                                FOLDER + SIGNATURE,
                                text(now[0])
                                        .replaceFirst("\"sig\": \"(.{20}).{4}", "\"sig\": \"$1AAAA")
                                        .getBytes(StandardCharsets.UTF_8))),
                kept(
                        "another kind",
                        "the statement is of another kind than " + SIGNED,
                        files -> files.put(FOLDER + SIGNATURE, now[1])),
                kept("another image", "the statement is about something else than the release image", files -> {
                    ObjectNode statement = statement(now[0]);
                    ((ObjectNode) statement.at("/subject/0/digest")).put("sha256", "0".repeat(64));
                    files.put(FOLDER + SIGNATURE, StatementBundle.sign(statement, ci.signing()));
                }),
                kept("another build", "the statement tells of another build than the entry", files -> {
                    ObjectNode statement = statement(now[1]);
                    ((ObjectNode) statement.at("/predicate/buildDefinition/externalParameters"))
                            .put("app", "sha256:" + "0".repeat(64));
                    files.put(FOLDER + PROVENANCE, StatementBundle.sign(statement, ci.signing()));
                }),
                kept(
                        "no JSON",
                        "image/" + PROVENANCE + ": expected a JSON object",
                        files -> files.put(FOLDER + PROVENANCE, "x".getBytes(StandardCharsets.UTF_8))),
                kept(
                        "another bill",
                        "image/sbom.json: expected sha256:",
                        files -> files.put(FOLDER + "sbom.json", "{}".getBytes(StandardCharsets.UTF_8))),
                kept(
                        "of an unsigned entry",
                        "nobody signed the entry",
                        files -> files.navigableKeySet().removeIf(name -> name.startsWith("dev/000001/signatures/"))),
                kept(
                        "one more",
                        "image/more.sigstore.json: not a file of a release",
                        files -> files.put(FOLDER + "more.sigstore.json", now[0])))) {
            Object[] change = each.get();
            TamperedLedger.keeping(ledger, () -> {
                @SuppressWarnings("unchecked")
                Consumer<NavigableMap<String, byte[]>> made = (Consumer<NavigableMap<String, byte[]>>) change[2];
                TamperedLedger.change(ledger, made);
                assertThat(tool.run("verify", "--all"))
                        .as(change[0] + ": " + tool.err())
                        .isEqualTo(5);
                assertThat(tool.err()).as(String.valueOf(change[0])).contains(String.valueOf(change[1]));
            });
        }
        tool.mustRun("verify", "--all");
    }

    static Stream<Arguments> lists() {
        String one = "{\"digest\":\"" + Digest.of(new byte[0]) + "\"}";
        return Stream.of(
                Arguments.of(
                        "no digest",
                        index("{\"digest\":\"../../etc\"}"),
                        "is not attached to the image in its registry"),
                Arguments.of("no JSON", "[".getBytes(StandardCharsets.UTF_8), "referrers: expected a JSON object"),
                Arguments.of("too deep", "[".repeat(1000).getBytes(StandardCharsets.UTF_8), "expected a JSON object"),
                Arguments.of("one listed", index(one), "is not attached to the image in its registry"),
                Arguments.of("too long", index(many()), "expected at most 1000 referrers, got 1001"),
                Arguments.of("too large", new byte[(4 << 20) + 1], "expected at most 4194304 bytes of JSON, got more"));
    }

    private static String many() {
        return Stream.iterate(0, i -> i + 1)
                .limit(1001)
                .map(i -> "{\"digest\":\"" + Digest.of(new byte[i]) + "\"}")
                .collect(java.util.stream.Collectors.joining(","));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("lists")
    void aListThatIsNoneIsAFaultOfItsOwn(String name, byte[] list, String expected) {
        release();
        registry.putManifest("team/app", tag(), list, INDEX);

        assertThat(tool.run("verify", "dev", "--deep")).as(tool.err()).isEqualTo(5);
        assertThat(tool.err()).contains(expected);
    }

    @Test
    void aListWithoutAnEndEnds() {
        release();
        registry.quirk(new LoopbackRegistry.Quirk() {
            @Override
            public boolean answers(HttpExchange exchange) throws IOException {
                String path = exchange.getRequestURI().getPath();
                if (!path.contains("/referrers/")) {
                    return false;
                }
                exchange.getResponseHeaders().add("Content-Type", INDEX);
                exchange.getResponseHeaders().add("Link", "<" + path + "?next=1>; rel=\"next\"");
                byte[] empty = index("");
                exchange.sendResponseHeaders(200, empty.length);
                exchange.getResponseBody().write(empty);
                return true;
            }
        });

        assertThat(tool.run("verify", "dev", "--deep")).isEqualTo(5);
        assertThat(tool.err()).contains("expected at most 20 pages of referrers, got more");
    }

    private static byte[] index(String manifests) {
        return ("{\"schemaVersion\":2,\"mediaType\":\"" + INDEX + "\",\"manifests\":[" + manifests + "]}")
                .getBytes(StandardCharsets.UTF_8);
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private static ObjectNode statement(byte[] bundle) {
        return StatementBundle.read("bundle", bundle).statement("bundle");
    }
}
