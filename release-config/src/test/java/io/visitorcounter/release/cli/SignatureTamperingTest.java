package io.visitorcounter.release.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.visitorcounter.release.FixtureApp;
import io.visitorcounter.release.action.ForgedEntry;
import io.visitorcounter.release.ledger.TamperedLedger;
import io.visitorcounter.release.trust.SshSignature;
import io.visitorcounter.release.trust.TestSigner;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever is changed of a signed ledger, or of the file of signers, is found, each with a message of its own. */
class SignatureTamperingTest {

    private static final String ENTRY = "dev/000003/entry.json";
    private static final String POLICY = "app {}\nrelease { require-signature-by = [ci] }";

    @TempDir
    static Path original;

    @TempDir
    Path project;

    private static TestSigner ci;
    private static TestSigner other;
    private static TestSigner stranger;

    private Tool tool;

    @BeforeAll
    static void releaseThrice() {
        Tool releaser = new Tool(original);
        Path environments = original.resolve("environments");
        ci = TestSigner.make(original.resolve("ci"), "jenkins-2026");
        other = TestSigner.make(original.resolve("other"), "other-2026");
        stranger = TestSigner.make(original.resolve("stranger"), "stranger");
        ci.allow(environments, "ci");
        other.allow(environments, "other");
        releaser.variables().put("RELEASE_SIGNING_KEY", ci.file());
        Path app = FixtureApp.tar(original.resolve("app.tar"), "1");
        for (String greeting : new String[] {"one", "two", "three"}) {
            releaser.config("dev", POLICY.replace("app {}", "app { greeting = " + greeting + " }"));
            releaser.mustRun("create", "dev", "--app", app.toString());
            if (greeting.equals("two")) {
                releaser.mustRun("freeze", "dev", "--reason", "audit");
                releaser.mustRun("unfreeze", "dev", "--reason", "over");
            }
        }
        releaser.mustRun("verify", "--all", "--deep");
    }

    @BeforeEach
    void copy() throws IOException {
        for (String folder : new String[] {".release/ledger.git", "environments"}) {
            try (Stream<Path> all = Files.walk(original.resolve(folder))) {
                for (Path path : all.toList()) {
                    Path target = project.resolve(original.relativize(path).toString());
                    if (Files.isDirectory(path)) {
                        Files.createDirectories(target);
                    } else {
                        Files.copy(path, target);
                    }
                }
            }
        }
        tool = new Tool(project);
    }

    static Stream<Arguments> changes() {
        return Stream.of(
                // the bundle
                bundle(
                        "a byte of the signature",
                        "not signed by the key that it names, ci (jenkins-2026): the statement is the entry's, and the signature is",
                        text -> text.replaceFirst("\"sig\": \"(.{20}).{4}", "\"sig\": \"$1AAAA")),
                bundle(
                        "a byte of the payload",
                        "not signed by the key that it names, ci (jenkins-2026): the statement was changed",
                        text -> text.replaceFirst("(\"payload\": \".{900}).{4}", "$1AAAA")),
                bundle("another media type", "mediaType: expected", text -> text.replace("v0.3", "v0.2")),
                bundle(
                        "a field more",
                        "got another field",
                        text -> text.replace("\"sig\"", "\"keyid\": \"x\", \"sig\"")),
                bundle(
                        "a second signature",
                        "expected one signature by a key with a hint, got 2",
                        text -> text.replaceFirst("(?s)(\\{\\s*\"sig\": \"[^\"]*\"\\s*\\})", "$1, $1")),
                bundle(
                        "no key named",
                        "verificationMaterial: expected an object",
                        text -> text.replaceFirst(
                                "(?s)\"verificationMaterial\": \\{.*?\\}\\s*\\}", "\"verificationMaterial\": 1")),
                bundle("another type of payload", "payloadType: expected", text -> text.replace("in-toto", "other")),
                bundle("no JSON", "expected a JSON object", text -> "x" + text),
                bundle(
                        "not base64",
                        "payload: expected base64",
                        text -> text.replace("\"payload\": \"", "\"payload\": \"*")),
                bundle(
                        "another key named",
                        "names another key than its file's name does, of ci (jenkins-2026)",
                        text -> text.replaceFirst("\"hint\": \".{8}", "\"hint\": \"AAAAAAAA")),
                change(
                        "a file of another name",
                        "expected the name ",
                        files -> files.put(
                                "dev/000003/signatures/0123456789ab.sigstore.json",
                                Objects.requireNonNull(files.remove(signature())))),
                change(
                        "the signature of another release",
                        "the statement's sequence is another than the entry's",
                        files -> files.put(signature(), bytes(files, signature().replace("000003", "000002")))),
                // the statement
                statement(
                        "about another image",
                        "the statement is about something else",
                        statement -> ((ObjectNode) statement.path("subject").path(1)).put("name", "another")),
                statement(
                        "of another kind",
                        "the statement is of another kind than",
                        statement -> statement.put("predicateType", "https://slsa.dev/provenance/v1")),
                statement(
                        "another author",
                        "the statement's by is another than the entry's",
                        statement -> ((ObjectNode) statement.path("predicate")).put("by", "Eve")),
                statement(
                        "a field more",
                        "the statement says more than the entry does",
                        statement -> ((ObjectNode) statement.path("predicate")).put("more", 1)),
                statement(
                        "something at its side",
                        "the statement has another form",
                        statement -> statement.put("more", 1)),
                statement(
                        "no statement",
                        "expected a statement of in-toto v1",
                        statement -> statement.put("_type", "https://in-toto.io/Statement/v0.1")),
                // the entry
                change(
                        "another author, and the head with it",
                        "the statement's by is another than the entry's",
                        files -> ForgedEntry.change(files, ENTRY, entry -> entry.put("by", "Eve"))),
                change("another author, signed by a stranger", "by a key that is not in", files -> {
                    ForgedEntry.change(files, ENTRY, entry -> entry.put("by", "Eve"));
                    ForgedEntry.sign(files, ENTRY, stranger.signing(), statement -> {});
                }),
                change("a rollback to itself", "has not an earlier release of dev", files -> {
                    ForgedEntry.change(
                            files,
                            ENTRY,
                            entry -> entry.put("what", "rolled-back").put("from", "dev@v3"));
                    ForgedEntry.sign(files, ENTRY, ci.signing(), statement -> {});
                }),
                change("a rollback with other content", "rollback, and has not the content of dev v1", files -> {
                    ForgedEntry.change(
                            files,
                            ENTRY,
                            entry -> entry.put("what", "rolled-back").put("from", "dev@v1"));
                    ForgedEntry.sign(files, ENTRY, ci.signing(), statement -> {});
                }),
                change("a promotion of another build", "from dev v2, which has another build", files -> {
                    ForgedEntry.change(
                            files,
                            "dev/000002/entry.json",
                            entry -> ((ObjectNode) entry.path("appImage")).put("digest", "sha256:" + "0".repeat(64)));
                    ForgedEntry.change(
                            files, ENTRY, entry -> entry.put("what", "promoted").put("from", "dev@v2"));
                    ForgedEntry.sign(files, ENTRY, ci.signing(), statement -> {});
                }),
                change("dated back, signed again", "dated back: signed as of 2025-12-31T00:00:00Z", files -> {
                    ForgedEntry.change(files, ENTRY, entry -> entry.put("at", "2025-12-31T00:00:00Z"));
                    ForgedEntry.sign(files, ENTRY, ci.signing(), statement -> {});
                }),
                change(
                        "signed by whom the environment does not ask",
                        "expected a signature by ci, got one by other",
                        files -> ForgedEntry.sign(files, ENTRY, other.signing(), statement -> {})),
                change(
                        "not signed any more",
                        "dev v3: expected a signature by ci, got none",
                        files -> files.remove(signature())),
                change(
                        "one before it not signed any more",
                        "dev v2: expected a signature by ci, got none",
                        files -> files.remove(signature().replace("000003", "000002"))),
                change(
                        "a freeze not signed any more",
                        "dev/freezes/000002.json: expected a signature by ci, got none",
                        files -> files.keySet().removeIf(path -> path.startsWith("dev/freezes/000002/"))),
                change(
                        "a freeze's signature",
                        "dev/freezes/000001.json: signatures/",
                        files -> files.put(
                                "dev/freezes/000001/signatures/" + ci.id() + ".sigstore.json", new byte[] {'{', '}'})),
                // the chain
                change(
                        "a file beside a freeze",
                        "dev/freezes/000001/notes.txt: is not part of the chain",
                        files -> files.put("dev/freezes/000001/notes.txt", new byte[1])),
                change(
                        "a signed entry removed",
                        "entry number 2 is missing",
                        files -> files.keySet().removeIf(path -> path.startsWith("dev/000002/"))),
                // the commit
                commit(
                        "no signature",
                        "expected a signature, as its entry has one, got none",
                        commit -> Optional.empty()),
                commit(
                        "a signature of something else",
                        "the signature of ci (jenkins-2026) is of another commit, or this one was changed since",
                        commit -> Optional.of(SshSignature.sign(new byte[1], "git", ci.signing()))),
                commit(
                        "for something else",
                        "the signature of ci (jenkins-2026) is for \"file\", not for git",
                        commit -> Optional.of(SshSignature.sign(commit, "file", ci.signing()))),
                commit(
                        "a stranger's",
                        "which is not in",
                        commit -> Optional.of(SshSignature.sign(commit, "git", stranger.signing()))),
                commit(
                        "no signature at all",
                        "the signature can't be read: expected an SSH signature",
                        commit -> Optional.of("-----BEGIN PGP SIGNATURE-----\n")),
                // the file of signers
                signers(
                        "a line removed",
                        "allowed_signers; if its line was removed, put it back, with valid-before",
                        text -> ""),
                signers(
                        "another key under the same name",
                        "by a key that is not in",
                        text -> stranger.line("ci", "namespaces=\"git,release\"")),
                signers(
                        "for git alone",
                        "ci (jenkins-2026) may not sign releases: ",
                        text -> ci.line("ci", "namespaces=\"git\"")),
                signers(
                        "for releases alone",
                        "might not sign commits at 2026-01-02",
                        text -> ci.line("ci", "namespaces=\"release\"")),
                signers(
                        "ended before",
                        "jenkins-2026 ended 2026-01-02T03:04:05Z, the entry is of 2026-01-02T03:04:05Z",
                        text -> ci.line("ci", "valid-before=\"20260102030405Z\"")),
                signers(
                        "begun after",
                        "jenkins-2026 begins 2026-01-02T03:04:06Z",
                        text -> ci.line("ci", "valid-after=\"20260102030406Z\"")),
                signers("a line that nobody can read", "allowed_signers:1: ", text -> "ci ecdsa-sha2-nistp256 AAAA\n"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("changes")
    void aChangeIsFound(String what, String message, Consumer<Path> change) {
        change.accept(project);

        assertThat(tool.run("verify", "--all")).as(tool.err()).isEqualTo(5);
        assertThat(tool.err()).contains(message);
    }

    @Test
    void anUntouchedOneVerifiesAndSaysWhoSigned() {
        tool.mustRun("verify", "--all");
        assertThat(tool.out()).isEqualTo("""
                        verified  3 releases, a chain of 5 entries
                        signed    up to entry 5 of 5, dev/000003/entry.json, by ci (jenkins-2026)
                        """);

        tool.mustRun("verify", "dev@v3", "--output", "json");

        assertThat(tool.json().path("signatures"))
                .hasToString("[{\"entry\":\"dev/000003/entry.json\",\"key\":\"" + ci.id()
                        + "\",\"state\":\"good\",\"principal\":\"ci\",\"name\":\"jenkins-2026\"}]");
    }

    private static String signature() {
        return "dev/000003/signatures/" + ci.id() + ".sigstore.json";
    }

    private static byte[] bytes(Map<String, byte[]> files, String path) {
        return Objects.requireNonNull(files.get(path), path);
    }

    private static Arguments change(String what, String message, Consumer<NavigableMap<String, byte[]>> change) {
        Consumer<Path> all = project -> TamperedLedger.change(project.resolve(".release/ledger.git"), change);
        return Arguments.of(what, message, all);
    }

    private interface TextChange {
        String of(String text);
    }

    private static Arguments bundle(String what, String message, TextChange change) {
        return change("bundle: " + what, message, files -> {
            String before = new String(bytes(files, signature()), StandardCharsets.UTF_8);
            String after = change.of(before);
            assertThat(after).isNotEqualTo(before);
            files.put(signature(), after.getBytes(StandardCharsets.UTF_8));
        });
    }

    private static Arguments statement(String what, String message, Consumer<ObjectNode> change) {
        return change("statement: " + what, message, files -> ForgedEntry.sign(files, ENTRY, ci.signing(), change));
    }

    private interface CommitSignature {
        Optional<String> of(byte[] commit);
    }

    private static Arguments commit(String what, String message, CommitSignature signature) {
        Consumer<Path> all = project -> TamperedLedger.sign(project.resolve(".release/ledger.git"), signature::of);
        return Arguments.of("commit: " + what, message, all);
    }

    private static Arguments signers(String what, String message, TextChange change) {
        Consumer<Path> all = project -> {
            try {
                Path file = project.resolve("environments/allowed_signers");
                Files.writeString(file, change.of(Files.readString(file)));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        };
        return Arguments.of("signers: " + what, message, all);
    }
}
