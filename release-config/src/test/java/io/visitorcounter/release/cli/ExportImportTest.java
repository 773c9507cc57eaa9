package io.visitorcounter.release.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.visitorcounter.release.Digest;
import io.visitorcounter.release.FixtureApp;
import io.visitorcounter.release.action.ForgedEntry;
import io.visitorcounter.release.image.LoopbackRegistry;
import io.visitorcounter.release.image.RegistryImages;
import io.visitorcounter.release.ledger.TamperedLedger;
import io.visitorcounter.release.trust.TestSigner;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A release that leaves one site in a file and becomes a release of another, with a registry and a ledger of its own. */
class ExportImportTest {

    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    Path folder;

    private final LoopbackRegistry outer = new LoopbackRegistry();
    private final LoopbackRegistry inner = new LoopbackRegistry();
    private Tool outside;
    private Tool inside;
    private String app;
    private TestSigner theirs;
    private TestSigner ours;

    @BeforeEach
    void setUp() throws IOException {
        outside = site("outside");
        inside = site("inside");
        app = RegistryImages.push(FixtureApp.tar(folder.resolve("app.tar"), "1"), outer.host() + "/team/app", Map.of());
        theirs = TestSigner.make(folder.resolve("theirs"), "outside-2026");
        ours = TestSigner.make(folder.resolve("ours"), "inside-2026");
        theirs.allow(folder.resolve("outside/environments"), "prod");
        theirs.allow(folder.resolve("inside/environments"), "vendor", "namespaces=\"release\"");
        ours.allow(folder.resolve("inside/environments"), "prod");
        outside.variables().put("RELEASE_SIGNING_KEY", theirs.file());
        inside.variables().put("RELEASE_SIGNING_KEY", ours.file());
        inside.variables().put("RELEASE_IMAGES", inner.host() + "/inside/counter");
        inside.config("prod", "release { require-signature-by = prod }");
        release("one");
    }

    private Tool site(String name) throws IOException {
        return new Tool(Files.createDirectories(folder.resolve(name)));
    }

    @AfterEach
    void tearDown() {
        outer.close();
        inner.close();
    }

    private void release(String greeting) {
        outside.config("prod", "app { greeting = " + greeting + " }");
        outside.mustRun("create", "prod", "--app", app);
    }

    private Path export(String name, String... options) {
        Path file = folder.resolve(name);
        String[] all = new String[options.length + 3];
        all[0] = "export";
        all[1] = "prod";
        all[2] = file.toString();
        System.arraycopy(options, 0, all, 3, options.length);
        outside.mustRun(all);
        return file;
    }

    private String ledger() {
        byte[][] first = new byte[1][];
        TamperedLedger.keeping(
                folder.resolve("outside/.release/ledger.git"),
                () -> TamperedLedger.change(
                        folder.resolve("outside/.release/ledger.git"),
                        files -> first[0] = Objects.requireNonNull(files.get("prod/000001/entry.json"))));
        return Digest.of(first[0]).text();
    }

    private void firstImport() {
        inside.mustRun("import", export("first.tar").toString(), "--trust-ledger", ledger());
    }

    @Test
    void aReleaseArrivesWithItsDigestsAndWhatIsSignedOfIt() throws IOException {
        Path file = export("v1.tar");
        assertThat(outside.out()).startsWith("exported  prod v1 to " + file + ", ");
        String digest = outside.field("prod@v1", "/releaseImage/digest");

        assertThat(inside.run("import", file.toString())).isEqualTo(8);
        assertThat(inside.err()).contains("from the ledger " + ledger() + ", which is not known here");
        inside.mustRun("import", file.toString(), "--trust-ledger", ledger(), "--dry-run");
        assertThat(inner.writes()).isEmpty();
        inside.mustRun("import", file.toString(), "--trust-ledger", ledger());

        assertThat(inside.out()).contains("imported from prod@v1 of ledger ", "signed   by prod (inside-2026)");
        assertThat(inside.field("prod@v1", "/releaseImage/digest")).isEqualTo(digest);
        assertThat(inside.field("prod@v1", "/releaseImage/name")).startsWith(inner.host() + "/inside/counter@");
        assertThat(inside.field("prod@v1", "/origin/ledger")).isEqualTo(ledger());
        assertThat(JSON.readTree(inner.manifest("inside/counter", "sha256-" + new Digest(digest).hex()))
                        .path("manifests"))
                .hasSize(1);
        inside.mustRun("verify", "--all", "--deep");
        inside.mustRun("manifest", "prod", "--format", "compose");
        inside.mustRun("import", file.toString());
        assertThat(inside.out()).contains("(unchanged)");
    }

    @Test
    void theSameReleaseIsTheSameFileWhereverItComesFrom() throws IOException {
        byte[] first = Files.readAllBytes(export("a.tar"));
        byte[] second = Files.readAllBytes(export("b.tar"));
        inside.mustRun("import", folder.resolve("a.tar").toString(), "--trust-ledger", ledger());

        inside.mustRun("export", "prod", folder.resolve("c.tar").toString());

        assertThat(second).isEqualTo(first);
        assertThat(Files.readAllBytes(folder.resolve("c.tar"))).isEqualTo(first);
        assertThat(outside.run("export", "prod", folder.resolve("a.tar").toString()))
                .isEqualTo(2);
        assertThat(outside.err()).contains("expected a new file");
        assertThat(outside.run("export", "prod@v9", folder.resolve("d.tar").toString()))
                .isEqualTo(9);
    }

    @Test
    void oneAgainstAnotherHasOnlyWhatThatLacksAndNeedsItThere() {
        Path whole = export("v1.tar");
        release("two");
        Path small = export("v2.tar", "--against", "v1");

        assertThat(small.toFile().length()).isLessThan(whole.toFile().length());
        assertThat(inside.run("import", small.toString(), "--trust-ledger", ledger()))
                .isEqualTo(9);
        assertThat(inside.err()).contains("is neither there nor in " + small + "; export it whole, without --against");
        assertThat(inside.run("show", "prod")).isEqualTo(9);
        inside.mustRun("import", whole.toString(), "--trust-ledger", ledger());
        inside.mustRun("import", small.toString());
        inside.mustRun("verify", "--all", "--deep");
        assertThat(outside.run("export", "prod", folder.resolve("x.tar").toString(), "--against", "dev@v1"))
                .isEqualTo(2);
    }

    @Test
    void anOlderOneIsTakenOnlyIfItIsMeantAndARollbackNeedsNoFile() {
        Path one = export("v1.tar");
        release("two");
        inside.mustRun("import", one.toString(), "--trust-ledger", ledger());
        inside.mustRun("import", export("v2.tar").toString());

        assertThat(inside.run("import", one.toString())).isEqualTo(8);
        assertThat(inside.err()).contains("prod v1 is older than prod@v2, which prod v2 is; pass --older");
        inside.mustRun("rollback", "prod");
        inside.mustRun("import", one.toString(), "--older");
        inside.mustRun("verify", "--all", "--deep");
        inside.mustRun("freeze", "prod", "--reason", "audit");
        release("three");
        assertThat(inside.run("import", export("v3.tar").toString())).isEqualTo(8);
        assertThat(inside.err()).contains("prod: frozen by Ada");
    }

    /** Makes another history outside, as whoever has the key there can: nothing there tells, as its machines saw nothing else. */
    private void rewrite(String newest) {
        Path ledger = folder.resolve("outside/.release/ledger.git");
        TreeMap<String, byte[]> history = new TreeMap<>();
        TamperedLedger.keeping(ledger, () -> TamperedLedger.change(ledger, files -> history.putAll(files)));
        ForgedEntry.change(history, newest, entry -> entry.put("why", "another"));
        ForgedEntry.sign(history, newest, theirs.signing(), statement -> {});
        TamperedLedger.replace(ledger, history);
        outside.variables().put("RELEASE_PROJECT", folder.resolve("elsewhere").toString());
        outside.variables().put("RELEASE_LEDGER", ledger.toString());
        outside.variables()
                .put(
                        "RELEASE_ENVIRONMENTS",
                        folder.resolve("outside/environments").toString());
    }

    @Test
    void aLedgerThatWasRewrittenOutsideIsRefused() {
        firstImport();
        rewrite("prod/000001/entry.json");
        Path other = export("other.tar");

        assertThat(inside.run("import", other.toString())).isEqualTo(8);
        assertThat(inside.err()).contains("which is not known here");
        inside.mustRun("verify", "--all");
    }

    @Test
    void aReleaseOfAnotherEnvironmentIsHeldToTheSameLedger() {
        release("two");
        firstImport();
        rewrite("prod/000002/entry.json");
        outside.config("dev", "");
        outside.mustRun("create", "dev", "--app", app);
        Path other = folder.resolve("dev.tar");
        outside.mustRun("export", "dev", other.toString());
        inside.config("dev", "");

        assertThat(inside.run("import", other.toString(), "--trust-ledger", ledger()))
                .isEqualTo(5);
        assertThat(inside.err()).contains("was rewritten: entry 2, prod/000002/entry.json, is another than prod v1");
    }

    @Test
    void anEntryThatIsOtherThanWhatWasSeenIsRefused() {
        release("two");
        firstImport();
        rewrite("prod/000002/entry.json");
        Path other = export("other.tar");

        assertThat(inside.run("import", other.toString())).isEqualTo(5);
        assertThat(inside.err())
                .contains("was rewritten: entry 2, prod/000002/entry.json, is another than prod v1 came with");
    }

    @Test
    void whatIsNotSignedByWhomThisSiteTrustsIsRefused() throws IOException {
        Path file = export("v1.tar");
        Files.writeString(folder.resolve("inside/environments/allowed_signers"), ours.line("prod", ""));

        assertThat(inside.run("import", file.toString(), "--trust-ledger", ledger()))
                .isEqualTo(5);
        assertThat(inside.err()).contains("outside prod v1: signatures/", "by a key that is not in");
        outside.variables().remove("RELEASE_SIGNING_KEY");
        release("two");
        Path unsigned = export("v2.tar");
        assertThat(inside.run("import", unsigned.toString(), "--trust-ledger", ledger()))
                .isEqualTo(5);
        assertThat(inside.err()).contains("expected a signature by somebody in", "got none");
        assertThat(inner.writes()).isEmpty();
        assertThat(inside.run("show", "prod")).isEqualTo(9);
    }

    @Test
    void whateverIsChangedOfAFileIsFound() {
        Path file = export("v1.tar");
        change(
                file,
                "a blob",
                "its bytes are",
                files -> files.replaceAll(
                        (name, bytes) -> name.startsWith("blobs/") && bytes.length > 1000 ? flipped(bytes) : bytes));
        change(
                file,
                "no index",
                "expected a release that was exported, got no index.json",
                files -> files.remove("index.json"));
        change(
                file,
                "no proof",
                "expected one release with the proof of its ledger, got 0",
                files -> index(files, index -> removeProof(index)));
        change(
                file,
                "another proof",
                "expected a chain of entries that ends with a release",
                files -> proof(files, proof -> proof.putArray("chain")));
        change(
                file,
                "an entry changed",
                "outside prod v1: signatures/",
                files -> proof(
                        files,
                        proof -> proof.withArrayProperty("chain")
                                .set(0, proof.at("/chain/0").asText().replace("\"by\": \"Ada\"", "\"by\": \"Eve\""))));
        change(
                file,
                "an entry of another form",
                "is not in the form that this tool writes",
                files -> proof(
                        files,
                        proof -> proof.withArrayProperty("chain")
                                .set(0, proof.at("/chain/0").asText() + " ")));
        change(
                file,
                "no entry",
                "entry 1: expected a JSON object",
                files -> proof(files, proof -> proof.withArrayProperty("chain").set(0, "x")));
        change(
                file,
                "an entry twice",
                "entry 2: expected the entry after prod/000001/entry.json",
                files -> proof(
                        files,
                        proof -> proof.withArrayProperty("chain")
                                .add(proof.at("/chain/0").asText())));
        change(
                file,
                "another config",
                "bundle: ",
                files -> proof(files, proof -> ((ObjectNode) proof.path("files")).put("bundle/app.conf", "e30=")));
        change(
                file,
                "no signature",
                "expected a signature by somebody in",
                files -> proof(
                        files,
                        proof -> ((ObjectNode) proof.path("files"))
                                .remove("signatures/" + theirs.id() + ".sigstore.json")));
        change(
                file,
                "no base64",
                "files: expected base64",
                files -> proof(files, proof -> ((ObjectNode) proof.path("files")).put("bundle/app.conf", "*")));
        change(
                file,
                "no signature of the image",
                "the entry is signed, and its image is not",
                files -> proof(
                        files,
                        proof -> ((ObjectNode) proof.path("files")).remove("image/release-signature.sigstore.json")));

        // A file too many is left behind.
        Path more = changed(
                file,
                files -> proof(
                        files, proof -> ((ObjectNode) proof.path("files")).put("image/../../../../evil", "e30=")));
        inside.mustRun("import", more.toString(), "--trust-ledger", ledger());
        inside.mustRun("verify", "--all", "--deep");
    }

    @Test
    void whatAFurtherKeySignedGoesAlong() throws IOException {
        release("two");
        TestSigner later = TestSigner.make(folder.resolve("later"), "outside-2027");
        later.allow(folder.resolve("outside/environments"), "prod");
        Path plain = export("v2.tar");
        // This site trusts only the later key.
        Files.writeString(
                folder.resolve("inside/environments/allowed_signers"),
                ours.line("prod", "") + later.line("vendor", "namespaces=\"release\""));
        assertThat(inside.run("import", plain.toString(), "--trust-ledger", ledger()))
                .isEqualTo(5);

        outside.mustRun("sign", "prod@v2", "--signing-key", later.file(), "--legacy-signature");
        outside.config("dev", "");
        outside.mustRun("create", "dev", "--app", app);
        Path file = export("endorsed.tar");
        inside.mustRun("import", file.toString(), "--trust-ledger", ledger());

        inside.mustRun("verify", "--all", "--deep");
        inside.mustRun("manifest", "prod", "--format", "compose");
        String tag = "sha256-" + new Digest(inside.field("prod@v1", "/releaseImage/digest")).hex();
        assertThat(JSON.readTree(inner.manifest("inside/counter", tag)).path("manifests"))
                .hasSize(1);
        inner.deleteManifest("inside/counter", Digest.of(inner.manifest("inside/counter", tag)));
        assertThat(inside.run("verify", "--all", "--deep")).isEqualTo(5);
        inside.mustRun("repair");
        inside.mustRun("verify", "--all", "--deep");
        inside.mustRun("export", "prod", folder.resolve("again.tar").toString());
        assertThat(folder.resolve("again.tar")).hasSameBinaryContentAs(file);
    }

    @Test
    void bothSignaturesAreOnTheImageOfASiteThatTrustsBoth() throws IOException {
        TestSigner later = TestSigner.make(folder.resolve("later"), "outside-2027");
        later.allow(folder.resolve("outside/environments"), "prod");
        later.allow(folder.resolve("inside/environments"), "auditor", "namespaces=\"release\"");
        outside.mustRun("sign", "prod@v1", "--signing-key", later.file());
        Path file = export("v1.tar");
        change(
                file,
                "an endorsement of another release",
                "expected an endorsement of prod v1 in the chain, got none",
                files -> proof(files, proof -> {
                    ObjectNode list = (ObjectNode) proof.path("endorsements");
                    list.set("prod/endorsements/000002.json", list.remove("prod/endorsements/000001.json"));
                }));
        change(
                file,
                "a release that is none",
                "expected a chain of entries that ends with a release",
                files -> proof(files, proof -> proof.put("release", 2)));
        change(
                file,
                "an endorser's statement of the image",
                "the entry is signed, and its image is not",
                files -> proof(
                        files,
                        proof -> ((ObjectNode) proof.path("endorsements").path("prod/endorsements/000001.json"))
                                .remove("image/release-signature.sigstore.json")));
        firstImport();

        String tag = "sha256-" + new Digest(inside.field("prod@v1", "/releaseImage/digest")).hex();
        assertThat(JSON.readTree(inner.manifest("inside/counter", tag)).path("manifests"))
                .hasSize(2);
        inside.mustRun("verify", "--all", "--deep");
    }

    @Test
    void whatTheOutsideDatedBackIsRefused() {
        release("two");
        firstImport();
        outside.at("2026-01-02T03:05:00Z");
        release("three");
        TreeMap<String, byte[]> history = new TreeMap<>();
        Path ledger = folder.resolve("outside/.release/ledger.git");
        TamperedLedger.keeping(ledger, () -> TamperedLedger.change(ledger, history::putAll));
        ForgedEntry.change(history, "prod/000003/entry.json", entry -> entry.put("at", "2026-01-01T00:00:00Z"));
        ForgedEntry.sign(history, "prod/000003/entry.json", theirs.signing(), statement -> {});
        TamperedLedger.replace(ledger, history);
        outside.variables().put("RELEASE_PROJECT", folder.resolve("elsewhere").toString());
        outside.variables().put("RELEASE_LEDGER", ledger.toString());
        Path file = export("back.tar");

        assertThat(inside.run("import", file.toString())).isEqualTo(5);
        assertThat(inside.err())
                .contains("outside prod v3: dated back: signed as of 2026-01-01T00:00:00Z, and prod v2, which");
    }

    @Test
    void whatOthersSaidOfTheBuildIsLeftOutAndWhoAsksForItIsTold() {
        TestSigner build = TestSigner.make(folder.resolve("build"), "outside-build");
        build.allow(folder.resolve("outside/environments"), "build");
        outside.variables().put("JENKINS_URL", "https://ci.example/");
        outside.mustRun("attest", app, "--provenance", "--signing-key", build.file());
        outside.config(
                "prod", "app { greeting = built }\nrelease { require-signature-by = prod, require-build-by = build }");
        outside.mustRun("create", "prod", "--app", app);
        Path file = export("built.tar");

        inside.config("prod", "release { require-signature-by = prod, require-build-by = build }");
        assertThat(inside.run("import", file.toString(), "--trust-ledger", ledger()))
                .isEqualTo(8);
        assertThat(inside.err()).contains("expected a provenance of app ", "one by a key that is not in");
        inside.config("prod", "release { require-signature-by = prod }");
        inside.mustRun("import", file.toString(), "--trust-ledger", ledger());

        inside.mustRun("verify", "--all", "--deep");
        inside.mustRun("export", "prod", folder.resolve("again.tar").toString());
        assertThat(folder.resolve("again.tar")).hasSameBinaryContentAs(file);
        // Once its key is known, what it said is.
        build.allow(folder.resolve("inside/environments"), "build");
        inside.mustRun("verify", "--all", "--deep");
    }

    /** What is put into a tar besides, past what a tar of an export has. */
    private interface Writing {
        void to(TarArchiveOutputStream tar) throws IOException;
    }

    private Path with(Path file, String dropped, Writing more) throws IOException {
        Path other = Files.createTempFile(folder, "hostile", ".tar");
        try (TarArchiveInputStream in = new TarArchiveInputStream(Files.newInputStream(file));
                TarArchiveOutputStream out = new TarArchiveOutputStream(Files.newOutputStream(other))) {
            for (TarArchiveEntry entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
                if (!entry.getName().equals(dropped)) {
                    put(out, new TarArchiveEntry(entry.getName()), in.readAllBytes());
                }
            }
            more.to(out);
        }
        return other;
    }

    private static void put(TarArchiveOutputStream tar, TarArchiveEntry entry, byte[] bytes) throws IOException {
        entry.setSize(bytes.length);
        tar.putArchiveEntry(entry);
        tar.write(bytes);
        tar.closeArchiveEntry();
    }

    private static TarArchiveEntry link(String name, String target, byte kind) {
        TarArchiveEntry link = new TarArchiveEntry(name, kind);
        link.setLinkName(target);
        return link;
    }

    @Test
    void aTarMadeToHarmIsRefusedAndLeavesNothing() throws IOException {
        Path file = export("v1.tar");
        byte[] bytes = Files.readAllBytes(file);
        String blob = "blobs/sha256/" + new Digest(outside.field("prod@v1", "/releaseImage/digest")).hex();
        Path secret = Files.writeString(folder.resolve("secret"), "{}");
        String none = "";
        refused(
                "index.json twice",
                with(file, none, tar -> put(tar, new TarArchiveEntry("index.json"), new byte[2])),
                "occurs twice");
        refused(
                "the same by another name",
                with(file, none, tar -> put(tar, new TarArchiveEntry("./index.json"), new byte[2])),
                "occurs twice");
        refused(
                "a link to a file of this machine",
                with(
                        file,
                        "index.json",
                        tar -> put(tar, link("index.json", secret.toString(), TarConstants.LF_SYMLINK), new byte[0])),
                "got no index.json");
        refused(
                "a link upwards",
                with(
                        file,
                        "index.json",
                        tar -> put(
                                tar,
                                link("index.json", "../../../../../../../.." + secret, TarConstants.LF_LINK),
                                new byte[0])),
                "got no index.json");
        refused(
                "a link to itself",
                with(
                        file,
                        "index.json",
                        tar -> put(tar, link("index.json", "index.json", TarConstants.LF_SYMLINK), new byte[0])),
                "got a chain of links");
        refused(
                "a device for a blob",
                with(file, blob, tar -> put(tar, new TarArchiveEntry(blob, TarConstants.LF_CHR), new byte[0])),
                "which is not there");
        refused(
                "a blob of another",
                with(file, blob, tar -> put(tar, new TarArchiveEntry(blob), new byte[700])),
                "its bytes are");
        refused(
                "a file with holes",
                with(file, none, tar -> {
                    byte[] holes = pax("GNU.sparse.size=2000000000", "GNU.sparse.numblocks=1", "GNU.sparse.map=0,4");
                    put(tar, new TarArchiveEntry("PaxHeaders/x", TarConstants.LF_PAX_EXTENDED_HEADER_LC), holes);
                    put(tar, new TarArchiveEntry("blobs/sha256/" + "0".repeat(64)), new byte[4]);
                }),
                "expected a plain file, got a sparse one");
        refused(
                "a size that nobody has",
                with(
                        file,
                        none,
                        tar -> put(
                                tar,
                                new TarArchiveEntry("PaxHeaders/x", TarConstants.LF_PAX_EXTENDED_HEADER_LC),
                                pax("size=9000000000000000000"))),
                "");
        refused(
                "too many entries",
                with(file, none, tar -> {
                    for (int i = 0; i < 10_001; i++) {
                        put(tar, new TarArchiveEntry("x" + i), new byte[0]);
                    }
                }),
                "expected at most 10000 entries");
        for (int end : new int[] {0, 511, 513, bytes.length / 2}) {
            Path cut = Files.write(folder.resolve("cut"), Arrays.copyOf(bytes, end));
            refused("cut at " + end, cut, cut.toString());
        }
        Path bomb = folder.resolve("bomb.tar.gz");
        try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(bomb))) {
            byte[] zeros = new byte[1 << 20];
            for (int i = 0; i < 300; i++) {
                out.write(zeros);
            }
        }
        refused("a bomb", bomb, "expected at most 268435456 bytes once it is unpacked, got more");

        // One that somebody compressed on the way is fine, and so is a file too many wherever it wants to be.
        Path odd = with(file, none, tar -> put(tar, new TarArchiveEntry("../../../evil", true), new byte[2]));
        Path small = folder.resolve("small.tar.gz");
        try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(small))) {
            Files.copy(odd, out);
        }
        inside.mustRun("import", small.toString(), "--trust-ledger", ledger());
        inside.mustRun("verify", "--all", "--deep");
    }

    private static byte[] pax(String... headers) {
        StringBuilder text = new StringBuilder();
        for (String header : headers) {
            int length = header.length() + 2;
            length += Integer.toString(length + 2).length();
            text.append(length).append(' ').append(header).append('\n');
        }
        return text.toString().getBytes(StandardCharsets.UTF_8);
    }

    private void refused(String what, Path file, String message) {
        assertThat(inside.run("import", file.toString(), "--trust-ledger", ledger()))
                .as(what + ": " + inside.err())
                .isEqualTo(5);
        assertThat(inside.err()).as(what).contains(message).hasLineCount(1);
        assertThat(inner.writes()).as(what).isEmpty();
    }

    private void change(Path file, String what, String message, Consumer<Map<String, byte[]>> change) {
        Path other = changed(file, change);
        assertThat(inside.run("import", other.toString(), "--trust-ledger", ledger()))
                .as(what + ": " + inside.err())
                .isEqualTo(5);
        assertThat(inside.err()).as(what).contains(message);
        assertThat(inner.writes()).as(what).isEmpty();
    }

    private Path changed(Path file, Consumer<Map<String, byte[]>> change) {
        try {
            SortedMap<String, byte[]> files = new TreeMap<>();
            try (TarArchiveInputStream tar =
                    new TarArchiveInputStream(new ByteArrayInputStream(Files.readAllBytes(file)))) {
                for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
                    files.put(entry.getName(), tar.readAllBytes());
                }
            }
            change.accept(files);
            Path other = Files.createTempFile(folder, "changed", ".tar");
            try (TarArchiveOutputStream tar = new TarArchiveOutputStream(Files.newOutputStream(other))) {
                for (Map.Entry<String, byte[]> each : files.entrySet()) {
                    TarArchiveEntry entry = new TarArchiveEntry(each.getKey());
                    entry.setSize(each.getValue().length);
                    tar.putArchiveEntry(entry);
                    tar.write(each.getValue());
                    tar.closeArchiveEntry();
                }
            }
            return other;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static byte[] flipped(byte[] bytes) {
        byte[] other = bytes.clone();
        other[other.length / 2] ^= 1;
        return other;
    }

    private static ObjectNode json(byte[] bytes) {
        try {
            return (ObjectNode) JSON.readTree(bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void index(Map<String, byte[]> files, Consumer<ObjectNode> change) {
        ObjectNode index = json(Objects.requireNonNull(files.get("index.json")));
        change.accept(index);
        files.put("index.json", index.toString().getBytes(StandardCharsets.UTF_8));
    }

    private static void removeProof(ObjectNode index) {
        var manifests = index.withArrayProperty("manifests");
        for (int i = manifests.size() - 1; i >= 0; i--) {
            if (manifests.path(i).path("artifactType").asText().contains("visitorcounter")) {
                manifests.remove(i);
            }
        }
    }

    /** Changes the proof, and every digest that leads to it. */
    private static void proof(Map<String, byte[]> files, Consumer<ObjectNode> change) {
        index(
                files,
                index -> index.path("manifests").forEach(listed -> {
                    if (!listed.path("artifactType").asText().contains("visitorcounter")) {
                        return;
                    }
                    ObjectNode manifest = json(blob(files, listed.path("digest").asText()));
                    ObjectNode layer = (ObjectNode) manifest.at("/layers/0");
                    ObjectNode proof = json(blob(files, layer.path("digest").asText()));
                    change.accept(proof);
                    put(files, layer, proof);
                    put(files, (ObjectNode) listed, manifest);
                }));
    }

    private static byte[] blob(Map<String, byte[]> files, String digest) {
        return Objects.requireNonNull(files.get("blobs/sha256/" + new Digest(digest).hex()));
    }

    private static void put(Map<String, byte[]> files, ObjectNode descriptor, ObjectNode json) {
        byte[] bytes = json.toString().getBytes(StandardCharsets.UTF_8);
        files.put("blobs/sha256/" + Digest.of(bytes).hex(), bytes);
        descriptor.put("digest", Digest.of(bytes).text()).put("size", bytes.length);
    }
}
