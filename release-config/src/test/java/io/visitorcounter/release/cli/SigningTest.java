package io.visitorcounter.release.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.visitorcounter.release.CanonicalJson;
import io.visitorcounter.release.Scratch;
import io.visitorcounter.release.action.ForgedEntry;
import io.visitorcounter.release.ledger.TamperedLedger;
import io.visitorcounter.release.trust.TestSigner;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Who signs, who must, and how keys come and go. */
class SigningTest extends SignedProject {

    private TestSigner prod;

    @BeforeEach
    void setUp() {
        prod = TestSigner.make(project.resolve("prod-key"), "prod-2026");
        tool.config("dev", "app {}");
        tool.config("prod", "app {}\nrelease { promote-from = dev, require-signature-by = prod }");
    }

    private void greet(String environment, String greeting) {
        String policy = environment.equals("prod") ? "release { require-signature-by = [prod] }" : "";
        tool.config(environment, "app { greeting = " + greeting + " }\n" + policy);
    }

    @Test
    void withoutAKeyAndWithoutAPolicyNothingIsSigned() {
        tool.mustRun("create", "dev", "--app", app.toString());
        tool.mustRun("verify", "--all");

        assertThat(tool.out()).isEqualTo("verified  1 release, a chain of 1 entry\n");
        assertThat(tool.run("doctor")).isZero();
        assertThat(tool.out()).doesNotContain("signing");
    }

    @Test
    void anEnvironmentThatAsksTakesOnlyWhatAPermittedKeySigned() {
        TestSigner dev = TestSigner.make(project.resolve("dev-key"), "dev-2026");
        tool.mustRun("create", "dev", "--app", app.toString());

        assertThat(tool.run("promote", "dev", "prod")).isEqualTo(8);
        assertThat(tool.err())
                .contains("prod: expected a signature by prod, got no key; name its file with --signing-key");
        assertThat(tool.run("promote", "dev", "prod", "--signing-key", prod.file()))
                .isEqualTo(8);
        assertThat(tool.err())
                .contains("the signing key " + prod.fingerprint() + " is in no line; add one, such as: ci");
        dev.allow(environments, "dev");
        prod.allow(environments, "prod");
        assertThat(tool.run("promote", "dev", "prod", "--signing-key", dev.file()))
                .isEqualTo(8);
        assertThat(tool.err()).contains("speaks for dev, expected prod");
        assertThat(tool.run("freeze", "prod", "--reason", "audit")).isEqualTo(8);
        tool.mustRun("promote", "dev", "prod", "--signing-key", prod.file(), "--dry-run");
        assertThat(tool.out()).contains("signed   by prod (prod-2026)");
        tool.mustRun("promote", "dev", "prod", "--signing-key", prod.file());

        assertThat(tool.out()).contains("signed   by prod (prod-2026)");
        tool.mustRun("verify", "--all");
        assertThat(tool.out()).contains("signed    up to entry 2 of 2, prod/000001/entry.json, by prod (prod-2026)");
    }

    @Test
    void whatIsUsedOfAnEnvironmentThatAsksMustBeSigned() throws IOException {
        tool.mustRun("create", "dev", "--app", app.toString());
        tool.config("prod", "app {}");
        tool.mustRun("create", "prod", "--app", app.toString());
        tool.config("prod", "app {}\nrelease { require-signature-by = prod }");
        prod.allow(environments, "prod");

        for (String[] use :
                new String[][] {{"run", "prod"}, {"manifest", "prod", "--format", "compose"}, {"promote", "prod", "dev"}
                }) {
            assertThat(tool.run(use)).as(String.join(" ", use)).isEqualTo(8);
            assertThat(tool.err()).contains("prod v1: expected a signature by prod, got none");
        }
        assertThat(tool.run("verify", "prod")).isEqualTo(5);
        greet("prod", "two");
        tool.mustRun("create", "prod", "--app", app.toString(), "--signing-key", prod.file());

        // What is older than the first signature is vouched for by it, and may come back by a signed entry.
        tool.mustRun("verify", "prod");
        assertThat(tool.run("rollback", "prod", "v1")).isEqualTo(8);
        tool.mustRun("rollback", "prod", "v1", "--signing-key", prod.file());
        tool.mustRun("promote", "prod@v1", "dev");
        tool.mustRun("verify", "--all");
    }

    @Test
    void aKeyIsReplacedWithoutSigningAnythingAgain() throws IOException {
        greet("prod", "one");
        prod.allow(environments, "prod");
        tool.mustRun("create", "prod", "--app", app.toString(), "--signing-key", prod.file());
        TestSigner next = TestSigner.make(project.resolve("next-key"), "prod-2027");
        Files.delete(environments.resolve("allowed_signers"));
        prod.allow(environments, "prod", "namespaces=\"git,release\",valid-before=\"20260201Z\"");
        next.allow(environments, "prod");
        tool.at("2026-02-01T00:00:00Z");
        greet("prod", "two");

        assertThat(tool.run("create", "prod", "--app", app.toString(), "--signing-key", prod.file()))
                .isEqualTo(8);
        assertThat(tool.err()).contains("is not valid at 2026-02-01T00:00:00Z: prod-2026 ended 2026-02-01T00:00:00Z");
        tool.mustRun("create", "prod", "--app", app.toString(), "--signing-key", next.file());

        tool.mustRun("verify", "--all");
        assertThat(tool.out()).contains("by prod (prod-2027)");
        assertThat(tool.run("doctor", "--signing-key", next.file())).isZero();
        assertThat(tool.out())
                .contains(next.fingerprint() + " signs for prod, prod-2027, without an end")
                .doesNotContain("PRIVATE");
        Files.setPosixFilePermissions(Path.of(next.file()), PosixFilePermissions.fromString("rw-r--r--"));
        assertThat(tool.run("doctor", "--signing-key", next.file())).isZero();
        assertThat(tool.out()).contains("; others can read its file, chmod 600 ends that");
        Files.setPosixFilePermissions(Path.of(next.file()), PosixFilePermissions.fromString("rw-r-----"));
        assertThat(tool.run("doctor", "--signing-key", next.file())).isZero();
        assertThat(tool.out()).doesNotContain("chmod");
        assertThat(tool.run("doctor", "--signing-key", prod.file())).isEqualTo(7);
    }

    @Test
    void whatAStolenKeySignedIsAFaultUntilAGoodReleaseFollowsIt() throws IOException {
        greet("prod", "one");
        prod.allow(environments, "prod");
        tool.mustRun("create", "prod", "--app", app.toString(), "--signing-key", prod.file());
        tool.at("2026-02-02T00:00:00Z");
        greet("prod", "two");
        tool.mustRun("create", "prod", "--app", app.toString(), "--signing-key", prod.file());
        TestSigner next = TestSigner.make(project.resolve("next-key"), "prod-2027");
        Files.delete(environments.resolve("allowed_signers"));
        prod.allow(environments, "prod", "valid-before=\"20260201Z\"");
        next.allow(environments, "prod");

        assertThat(tool.run("verify", "prod")).isEqualTo(5);
        assertThat(tool.err())
                .contains("prod v2: ", "prod-2026 ended 2026-02-01T00:00:00Z, the entry is of 2026-02-02T00:00:00Z");
        assertThat(tool.run("manifest", "prod", "--format", "compose")).isEqualTo(8);
        tool.mustRun("rollback", "prod", "v1", "--signing-key", next.file());

        tool.mustRun("verify", "prod");
        assertThat(tool.err()).contains("prod v2: ");
        assertThat(tool.run("verify", "prod@v2")).isEqualTo(5);
    }

    @Test
    void theClockOfASignedLedgerDoesNotGoBack() throws IOException {
        greet("prod", "one");
        prod.allow(environments, "prod");
        tool.variables().put("RELEASE_SIGNING_KEY", prod.file());
        tool.mustRun("create", "prod", "--app", app.toString());
        greet("prod", "two");
        tool.at("2026-01-02T03:01:00Z");

        tool.mustRun("create", "prod", "--app", app.toString());

        assertThat(tool.field("prod@v2", "/at")).isEqualTo("2026-01-02T03:04:05Z");
        greet("prod", "three");
        tool.at("2026-01-02T02:00:00Z");
        assertThat(tool.run("create", "prod", "--app", app.toString())).isEqualTo(7);
        assertThat(tool.err()).contains("is of 2026-01-02T03:04:05Z; set this machine's clock");
    }

    @Test
    void aKeyThatCantBeUsedIsNamedAndNeverShown() throws IOException {
        greet("prod", "one");
        prod.allow(environments, "prod");
        Path bad = Files.writeString(project.resolve("bad"), "hush-hush");

        assertThat(tool.run("create", "prod", "--app", app.toString(), "--signing-key", bad.toString()))
                .isEqualTo(7);
        assertThat(tool.err())
                .contains(bad + ": the signing key: expected a private key")
                .doesNotContain("hush");
        assertThat(tool.run("create", "prod", "--app", app.toString(), "--signing-key", bad + "-none"))
                .isEqualTo(7);
        assertThat(tool.err()).contains("can't be read: no such file or folder");
        assertThat(project.resolve(".release/ledger.git")).doesNotExist();
    }

    @Test
    void aPolicyThatNamesNobodyIsAFaultOfTheFile() {
        tool.config("prod", "app {}\nrelease { require-signature-by = [] }");
        assertThat(tool.run("check", "prod", "--app", app.toString())).isEqualTo(4);
        assertThat(tool.err()).contains("release.require-signature-by: expected principals of allowed_signers");

        tool.config("prod", "app {}\nrelease { require-signature-by = [\"a b\", prod] }");
        assertThat(tool.run("check", "prod", "--app", app.toString())).isEqualTo(4);
    }

    @Test
    void aFreezeThatSomebodyEndedWithoutASignatureHolds() throws IOException {
        tool.config("prod", "app {}");
        tool.mustRun("create", "prod", "--app", app.toString());
        tool.mustRun("freeze", "prod", "--reason", "audit");
        tool.mustRun("unfreeze", "prod", "--reason", "no key, no matter");
        greet("prod", "one");
        prod.allow(environments, "prod");
        tool.variables().put("RELEASE_SIGNING_KEY", prod.file());

        assertThat(tool.run("create", "prod", "--app", app.toString())).isEqualTo(8);
        assertThat(tool.err())
                .contains("prod: frozen by Ada since", "prod/freezes/000002.json, is not signed by prod")
                .contains("release unfreeze prod ends it");
        tool.mustRun("status");
        assertThat(tool.out()).contains("frozen");
        tool.mustRun("unfreeze", "prod", "--reason", "over");
        tool.mustRun("create", "prod", "--app", app.toString());
        tool.mustRun("freeze", "prod", "--reason", "audit");
        tool.config("prod", "app {}");
        tool.variables().remove("RELEASE_SIGNING_KEY");
        tool.mustRun("unfreeze", "prod", "--reason", "Eve was here");

        greet("prod", "one");
        tool.variables().put("RELEASE_SIGNING_KEY", prod.file());
        for (String[] use : new String[][] {{"create", "prod", "--app", app.toString()}, {"rollback", "prod", "v1"}}) {
            greet("prod", "two");
            assertThat(tool.run(use)).as(use[0]).isEqualTo(8);
            assertThat(tool.err()).contains("prod/freezes/000005.json, is not signed by prod");
        }
    }

    @Test
    void aFileThatStoppedAskingIsTold() {
        greet("prod", "one");
        prod.allow(environments, "prod");
        tool.mustRun("create", "prod", "--app", app.toString(), "--signing-key", prod.file());
        tool.config("prod", "app { greeting = two }");
        tool.mustRun("create", "prod", "--app", app.toString());

        tool.mustRun("verify", "--all");

        assertThat(tool.err()).contains("prod v2: not signed, and prod v1 is; the file of prod asks for no signature");
    }

    @Test
    void aDryRunNeedsNoKeyAndSaysWhoseItWouldNeed() {
        tool.mustRun("create", "dev", "--app", app.toString());
        prod.allow(environments, "prod");

        tool.mustRun("promote", "dev", "prod", "--dry-run");

        assertThat(tool.out()).contains("signed   by prod, whose key is not here");
    }

    /** A release by a key that has ended by now, as of a day when it had not: its chain is whole. */
    private void forgeDatedBack(Consumer<ObjectNode> more) {
        TamperedLedger.change(project.resolve(".release/ledger.git"), files -> {
            ForgedEntry.change(files, "prod/000003/entry.json", entry -> {
                entry.put("at", "2026-01-15T00:00:00Z");
                more.accept(entry);
            });
            ForgedEntry.sign(files, "prod/000003/entry.json", prod.signing(), statement -> {});
        });
    }

    private void forgetWhatWasSeen() {
        try {
            Scratch.delete(project.resolve(".release/seen"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void whatAKeyThatHasEndedSignsAsOfBeforeIsNotUsed() throws IOException {
        greet("prod", "one");
        prod.allow(environments, "prod");
        tool.mustRun("create", "prod", "--app", app.toString(), "--signing-key", prod.file());
        String first = tool.field("prod@v1", "/sequence");
        TestSigner next = TestSigner.make(project.resolve("next-key"), "prod-2027");
        Files.delete(environments.resolve("allowed_signers"));
        prod.allow(environments, "prod", "namespaces=\"git,release\",valid-before=\"20260201Z\"");
        next.allow(environments, "prod");
        tool.variables().put("RELEASE_SIGNING_KEY", next.file());
        for (String greeting : new String[] {"two", "three"}) {
            tool.at("2026-03-01T00:00:00Z");
            greet("prod", greeting);
            tool.mustRun("create", "prod", "--app", app.toString());
        }
        tool.config("test", "app {}");
        Path ledger = project.resolve(".release/ledger.git");

        TamperedLedger.keeping(ledger, () -> {
            forgeDatedBack(entry -> {});
            forgetWhatWasSeen();
            for (String use : new String[] {"manifest prod --format compose", "promote prod test", "run prod"}) {
                assertThat(tool.run(use.split(" ", -1))).as(use).isEqualTo(8);
                assertThat(tool.err())
                        .contains(
                                "prod v3: expected a signature by prod, got signatures/" + prod.id(),
                                "dated back: signed as of 2026-01-15T00:00:00Z, and prod v2, which precedes it, is of"
                                        + " 2026-03-01T00:00:00Z");
            }
            assertThat(tool.run("verify", "prod")).isEqualTo(5);
            assertThat(tool.err()).contains("prod v3: dated back");
        });
        // Nor if its chain leaves out what is newer.
        forgeDatedBack(entry -> entry.put("sequence", 2)
                .set(
                        "previous",
                        CanonicalJson.object()
                                .put("sequence", Integer.parseInt(first))
                                .put("path", "prod/000001/entry.json")
                                .put("digest", entry.at("/previous/digest").asText())));
        forgetWhatWasSeen();
        assertThat(tool.run("manifest", "prod", "--format", "compose")).isEqualTo(8);
        assertThat(tool.err()).contains("dated back: ");
        assertThat(tool.run("verify", "prod")).isEqualTo(5);
    }

    @Test
    void aClockThatWasAheadOnceStopsNobodyForLong() throws IOException {
        prod.allow(environments, "prod");
        tool.variables().put("RELEASE_SIGNING_KEY", prod.file());
        tool.at("2027-01-02T03:04:05Z");
        greet("prod", "one");
        tool.mustRun("create", "prod", "--app", app.toString());
        tool.at("2026-01-02T03:04:05Z");
        greet("prod", "two");
        assertThat(tool.run("create", "prod", "--app", app.toString())).isEqualTo(7);
        assertThat(tool.err())
                .contains("set this machine's clock; if that entry's was wrong, RELEASE_CLOCK_LEAD=525601 (minutes)");

        tool.variables().put("RELEASE_CLOCK_LEAD", "525601");
        tool.mustRun("create", "prod", "--app", app.toString());

        assertThat(tool.field("prod@v2", "/at")).isEqualTo("2027-01-02T03:04:05Z");
        tool.mustRun("rollback", "prod");
        tool.mustRun("verify", "--all");
        tool.variables().put("RELEASE_CLOCK_LEAD", "1h");
        assertThat(tool.run("status")).isEqualTo(2);
        assertThat(tool.err()).contains("RELEASE_CLOCK_LEAD: expected a number of minutes, got \"1h\"");
    }
}
