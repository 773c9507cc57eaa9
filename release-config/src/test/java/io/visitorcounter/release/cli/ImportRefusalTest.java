package io.visitorcounter.release.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.visitorcounter.release.action.ForgedEntry;
import io.visitorcounter.release.ledger.TamperedLedger;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** What comes from another site and is not taken: another history, other signers, and whatever was changed on the way. */
class ImportRefusalTest extends TwoSites {

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

    private static byte[] flipped(byte[] bytes) {
        byte[] other = bytes.clone();
        other[other.length / 2] ^= 1;
        return other;
    }

    private static void removeProof(ObjectNode index) {
        var manifests = index.withArrayProperty("manifests");
        for (int i = manifests.size() - 1; i >= 0; i--) {
            if (manifests.path(i).path("artifactType").asText().contains("visitorcounter")) {
                manifests.remove(i);
            }
        }
    }
}
