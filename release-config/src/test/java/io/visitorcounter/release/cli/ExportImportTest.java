package io.visitorcounter.release.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.visitorcounter.release.Digest;
import io.visitorcounter.release.trust.TestSigner;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** A release that leaves one site in a file and becomes a release of another, with a registry and a ledger of its own. */
class ExportImportTest extends TwoSites {

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
}
