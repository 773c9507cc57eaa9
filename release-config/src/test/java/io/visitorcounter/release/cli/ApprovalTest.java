package io.visitorcounter.release.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.visitorcounter.release.FixtureApp;
import io.visitorcounter.release.ledger.TamperedLedger;
import io.visitorcounter.release.trust.TestSigner;
import java.io.IOException;
import java.nio.file.Files;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Two people say yes before prod gets a release, whoever releases it. */
class ApprovalTest extends SignedProject {

    private static final String POLICY = "release { promote-from = dev, require-signature-by = [prod],"
            + " require-approvals = 2, approvers = [alice, bob, carol] }";

    private TestSigner prod;
    private TestSigner alice;
    private TestSigner bob;

    @BeforeEach
    void setUp() {
        prod = TestSigner.make(project.resolve("prod"), "jenkins");
        alice = TestSigner.person(project.resolve("alice"), "alice-laptop");
        bob = TestSigner.person(project.resolve("bob"), "bob-laptop");
        prod.allow(environments, "prod");
        alice.allow(environments, "alice");
        bob.allow(environments, "bob");
        prod("one");
        dev("1");
    }

    private void prod(String greeting) {
        tool.config("prod", "app { greeting = " + greeting + " }\n" + POLICY);
    }

    private void dev(String build) {
        app = FixtureApp.tar(project.resolve("app-" + build + ".tar"), build);
        tool.config("dev", "app {}");
        tool.mustRun("create", "dev", "--app", app.toString());
    }

    private void approve(TestSigner by, String... options) {
        assertThat(approval(by, options)).as(tool.err()).isZero();
    }

    private int approval(TestSigner by, String... options) {
        String[] arguments = new String[options.length + 4];
        arguments[0] = "approve";
        arguments[1] = "prod";
        arguments[2] = "--signing-key";
        arguments[3] = by.file();
        System.arraycopy(options, 0, arguments, 4, options.length);
        return tool.run(arguments);
    }

    private int promote() {
        return tool.run("promote", "prod", "--signing-key", prod.file());
    }

    private void release() {
        assertThat(promote()).as(tool.err()).isZero();
    }

    @Test
    void aReleaseIsMadeOnceTwoPeopleHaveApprovedIt() {
        assertThat(promote()).isEqualTo(8);
        assertThat(tool.err())
                .contains(
                        "prod: expected 2 approvals by alice, bob or carol of app ",
                        ", got none; release approve prod");
        approve(alice, "--reason", "looked at it");
        assertThat(tool.out())
                .contains("(promoted from dev v1)", "signed   by alice (alice-laptop)")
                .contains("needs    2 approvals, of alice, bob, carol\napproved by alice (alice-laptop)\n");
        assertThat(promote()).isEqualTo(8);
        assertThat(tool.err()).contains("got only that of alice (alice-laptop); release approve prod");
        approve(bob);
        release();

        tool.mustRun("show", "prod");
        assertThat(tool.out()).contains("approved  by alice (alice-laptop), bob (bob-laptop)");
        tool.mustRun("history", "prod");
        assertThat(tool.out()).contains("APPROVED BY", "alice (alice-laptop), bob (bob-laptop)");
        tool.mustRun("verify", "--all");
        assertThat(tool.out()).contains("a chain of 4 entries");
        tool.mustRun("promote", "prod", "dev");
    }

    @Test
    void aDryRunSaysWhatIsNeededAndNeedsNoKey() {
        tool.mustRun("promote", "prod", "--dry-run");
        assertThat(tool.out())
                .contains("needs    2 approvals, of alice, bob, carol; release approve prod --from dev@v1\n")
                .doesNotContain("approved by");

        tool.mustRun("approve", "prod", "--dry-run");
        assertThat(tool.out()).contains("nothing written", "\"kind\": \"Approval\"");
        assertThat(tool.run("approve", "prod")).isEqualTo(2);
        assertThat(tool.err()).contains("release approve: expected a key, got none");
        approve(alice);
        approve(alice);
        assertThat(tool.out()).contains("(unchanged)");
        tool.mustRun("promote", "prod", "--dry-run", "--output", "json");
        assertThat(tool.json().path("approvals"))
                .hasToString("{\"needed\":2,\"approvers\":[\"alice\",\"bob\",\"carol\"],"
                        + "\"given\":[\"alice (alice-laptop)\"]}");
    }

    @Test
    void anApprovalIsOfOneBuildAndOneConfig() {
        approve(alice);
        approve(bob);
        prod("two");

        assertThat(promote()).isEqualTo(8);
        assertThat(tool.err())
                .contains(
                        "got none, and not counted: the one by alice (alice-laptop) is of bundle ", "; the one by bob");
        prod("one");
        dev("2");
        assertThat(promote()).isEqualTo(8);
        assertThat(tool.err()).contains("the one by alice (alice-laptop) is of app ");
        assertThat(tool.run("promote", "dev@v1", "prod", "--signing-key", prod.file()))
                .isEqualTo(8);
    }

    @Test
    void anApprovalIsForTheNextReleaseOnly() {
        approve(alice);
        approve(bob);
        release();
        dev("2");
        approve(alice);
        approve(bob);
        release();
        tool.config("prod", "app { greeting = one }\n" + POLICY.replace("promote-from = dev, ", ""));

        // The same content as v1, whose approvals are used up; going back is what rollback is for.
        assertThat(tool.run("promote", "dev@v1", "prod", "--signing-key", prod.file()))
                .isEqualTo(8);
        assertThat(tool.err()).contains("got none; release approve prod");
        tool.mustRun("rollback", "prod", "v1", "--signing-key", prod.file());
        tool.mustRun("verify", "--all");
        tool.mustRun("promote", "prod", "dev");
        tool.mustRun("show", "prod");
        assertThat(tool.out()).contains("approved  by alice (alice-laptop), bob (bob-laptop)");
    }

    @Test
    void aPersonWithTwoKeysIsOnePersonAndWhoReleasesIsNoApprover() throws IOException {
        TestSigner desk = TestSigner.person(project.resolve("desk"), "alice-desk");
        desk.allow(environments, "alice");
        approve(alice);
        approve(desk);
        assertThat(promote()).isEqualTo(8);
        assertThat(tool.err())
                .contains("only that of alice (alice-laptop)", "alice (alice-desk), who has said so already");

        // A key of both makes the two one.
        TestSigner both = TestSigner.person(project.resolve("both"), "shared");
        both.allow(environments, "alice,bob");
        approve(both);
        approve(bob);
        assertThat(promote()).isEqualTo(8);

        Files.delete(environments.resolve("allowed_signers"));
        prod.allow(environments, "prod,bob");
        alice.allow(environments, "alice");
        bob.allow(environments, "bob");
        assertThat(promote()).isEqualTo(8);
        assertThat(tool.err()).contains("the one by bob (bob-laptop), who releases it");
    }

    @Test
    void onlyApproversApproveAndOnlyWhileTheirKeysAreValid() throws IOException {
        TestSigner eve = TestSigner.person(project.resolve("eve"), "eve");
        assertThat(approval(eve)).isEqualTo(8);
        assertThat(tool.err()).contains("is in no line");
        eve.allow(environments, "eve");
        assertThat(approval(eve)).isEqualTo(8);
        assertThat(tool.err()).contains("speaks for eve, expected alice or bob or carol");
        approve(alice);
        approve(bob);
        String signers = Files.readString(environments.resolve("allowed_signers"));

        // Revoked as of before the approval, and between the approval and the release.
        for (String end : new String[] {"20260102Z", "20260103Z"}) {
            Files.writeString(
                    environments.resolve("allowed_signers"),
                    signers.replace("bob namespaces", "bob valid-before=\"" + end + "\",namespaces"));
            tool.at("2026-01-04T00:00:00Z");
            assertThat(promote()).isEqualTo(8);
            assertThat(tool.err()).contains("only that of alice (alice-laptop)", "bob-laptop");
        }

        // What was released while both were valid stays approved.
        Files.writeString(environments.resolve("allowed_signers"), signers);
        tool.at("2026-01-02T04:00:00Z");
        release();
        Files.writeString(
                environments.resolve("allowed_signers"),
                signers.replace("bob namespaces", "bob valid-before=\"20260103Z\",namespaces"));
        tool.at("2026-01-04T00:00:00Z");
        tool.mustRun("verify", "--all");
        tool.mustRun("promote", "prod", "dev");
    }

    @Test
    void whatWasReleasedPastTheRuleIsNotUsed() {
        approve(alice);
        approve(bob);
        release();
        tool.config("prod", "app { greeting = evil }\nrelease { require-signature-by = [prod] }");
        tool.mustRun("create", "prod", "--app", app.toString(), "--signing-key", prod.file());
        prod("evil");

        for (String[] use :
                new String[][] {{"run", "prod"}, {"manifest", "prod", "--format", "compose"}, {"promote", "prod", "dev"}
                }) {
            assertThat(tool.run(use)).as(String.join(" ", use)).isEqualTo(8);
            assertThat(tool.err()).contains("prod v2: expected 2 approvals by alice, bob or carol, got none");
        }
        assertThat(tool.run("verify", "prod")).isEqualTo(5);
        assertThat(tool.err()).contains("prod v2: expected 2 approvals");
        tool.mustRun("rollback", "prod", "v1", "--signing-key", prod.file());
        // Nor does a rollback to it make it good.
        assertThat(tool.run("rollback", "prod", "v2", "--signing-key", prod.file()))
                .isEqualTo(8);
        assertThat(tool.err()).contains("prod v2: expected an approval, got none");
        assertThat(tool.run("verify", "prod")).isEqualTo(5);
        assertThat(tool.run("verify", "prod@v3")).isZero();
    }

    @Test
    void whatIsOlderThanTheFirstApprovalNeedsNone() {
        tool.config("prod", "app { greeting = old }");
        tool.mustRun("create", "prod", "--app", app.toString(), "--signing-key", prod.file());
        prod("one");
        approve(alice);
        approve(bob);
        release();

        tool.mustRun("verify", "--all");
        tool.mustRun("rollback", "prod", "v1", "--signing-key", prod.file());
        tool.mustRun("promote", "prod", "dev");
        tool.mustRun("verify", "--all");
    }

    @Test
    void aRuleThatCantHoldIsAFaultOfTheFile() {
        for (String[] bad : new String[][] {
            {"require-approvals = 2, approvers = [alice, bob]", "release.require-approvals: needs require-signature-by"
            },
            {"require-signature-by = [prod], require-approvals = 2", "expected 2 or more approvers, got 0"},
            {"require-signature-by = [prod], require-approvals = 2, approvers = [alice, alice]", "expected 2 or more"},
            {"require-signature-by = [prod], require-approvals = 0, approvers = [alice]", "expected 1..10, got 0"},
            {"require-signature-by = [prod], approvers = [alice]", "release.approvers: needs require-approvals"}
        }) {
            tool.config("prod", "app {}\nrelease { " + bad[0] + " }");
            assertThat(tool.run("check", "prod", "--app", app.toString()))
                    .as(bad[0])
                    .isEqualTo(4);
            assertThat(tool.err()).contains(bad[1]);
        }
        tool.config("prod", "app {}");
        assertThat(tool.run("approve", "prod", "--from", "dev", "--signing-key", alice.file()))
                .as(tool.err())
                .isEqualTo(8);
        assertThat(tool.err()).contains("prod: expected a file that asks for approvals");
    }

    @Test
    void aFileThatStoppedAskingIsTold() {
        approve(alice);
        approve(bob);
        release();
        tool.config("prod", "app { greeting = evil }\nrelease { require-signature-by = [prod] }");
        tool.mustRun("create", "prod", "--app", app.toString(), "--signing-key", prod.file());
        tool.mustRun("rollback", "prod", "--signing-key", prod.file());

        tool.mustRun("verify", "--all");

        assertThat(tool.err())
                .containsOnlyOnce("asks for no approval")
                .contains(
                        "prod v2: nobody approved it, and prod v1 is approved; the file of prod asks for no approval");
    }

    @Test
    void whatSomebodyPutInThePlaceOfAnApprovalKeepsNobodyFromApproving() {
        approve(alice);
        TamperedLedger.change(
                project.resolve(".release/ledger.git"),
                files -> files.replaceAll(
                        (path, bytes) -> path.contains("/signatures/" + alice.id()) ? new byte[] {'{', '}'} : bytes));

        approve(alice);

        assertThat(tool.out()).doesNotContain("(unchanged)");
        approve(bob);
        release();
    }

    @Test
    void anApprovalOfAnotherEnvironmentOrNumberIsNone() {
        approve(alice);
        TamperedLedger.change(project.resolve(".release/ledger.git"), files -> {
            for (String name : new String[] {"test/approvals/000001", "prod/approvals/000002"}) {
                files.put(name + ".json", Objects.requireNonNull(files.get("prod/approvals/000001.json")));
                files.put(
                        name + "/signatures/" + alice.id() + ".sigstore.json",
                        Objects.requireNonNull(
                                files.get("prod/approvals/000001/signatures/" + alice.id() + ".sigstore.json")));
            }
        });

        assertThat(promote()).isEqualTo(5);
        assertThat(tool.err()).contains("prod/approvals/000002.json: says that it is prod/approvals/000001.json");
        assertThat(tool.run("verify", "--all")).isEqualTo(5);
        assertThat(tool.err()).contains("is not part of the chain");
    }
}
