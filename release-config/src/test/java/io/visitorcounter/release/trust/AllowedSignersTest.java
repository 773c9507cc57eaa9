package io.visitorcounter.release.trust;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.visitorcounter.release.ReleaseException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** OpenSSH's file of signers, as far as it is read, and what of it is refused. */
class AllowedSignersTest {

    private static final Path FILE = Path.of("allowed_signers");

    @TempDir
    Path folder;

    @Test
    void aLineSaysWhoForWhatAndWhen() {
        TestSigner key = TestSigner.make(folder.resolve("key"), "jenkins prod 2026");

        AllowedSigner signer = AllowedSigners.parse(
                        FILE,
                        "# who may sign\n\n"
                                + key.line(
                                        "prod,test",
                                        "namespaces=\"git,release\",valid-after=\"20250101Z\",valid-before=\"202603011230Z\""))
                .lines()
                .get(0);

        assertThat(signer.line()).isEqualTo(3);
        assertThat(signer.principals()).containsExactly("prod", "test");
        assertThat(signer.isFor("git")).isTrue();
        assertThat(signer.isFor("file")).isFalse();
        assertThat(signer.isValidAt(Instant.parse("2024-12-31T23:59:59Z"))).isFalse();
        assertThat(signer.isValidAt(Instant.parse("2025-01-01T00:00:00Z"))).isTrue();
        assertThat(signer.isValidAt(Instant.parse("2026-03-01T12:29:59Z"))).isTrue();
        assertThat(signer.isValidAt(Instant.parse("2026-03-01T12:30:00Z"))).isFalse();
        assertThat(signer.label()).isEqualTo("prod (jenkins prod 2026)");
        assertThat(signer.key().fingerprint()).isEqualTo(key.fingerprint());
    }

    @Test
    void everyLineThatIsNotUnderstoodIsNamed() {
        TestSigner key = TestSigner.make(folder.resolve("key"), "key");

        assertThatThrownBy(() -> AllowedSigners.parse(
                        FILE,
                        key.line("prod", "")
                                + key.line("*", "")
                                + key.line("prod", "cert-authority")
                                + key.line("prod", "valid-before=\"20260301\"")
                                + key.line("prod", "valid-before=\"20260231Z\"")
                                + "prod\n"
                                + "prod ssh-dss AAAA\n"
                                + "prod ecdsa-sha2-nistp256 AAAA\n"))
                .isInstanceOfSatisfying(
                        ReleaseException.VerificationFailed.class,
                        e -> assertThat(e.faults())
                                .containsExactly(
                                        "allowed_signers:2: expected the names of principals, got \"*\"",
                                        "allowed_signers:3: expected a key, got an authority (cert-authority)",
                                        "allowed_signers:4: valid-before: expected a time of UTC such as 20260301Z, got"
                                                + " \"20260301\"",
                                        "allowed_signers:5: valid-before: no such time: 20260231Z",
                                        "allowed_signers:6: expected PRINCIPALS [OPTIONS] TYPE KEY [COMMENT]",
                                        "allowed_signers:7: expected the type of a key, got \"ssh-dss\"",
                                        "allowed_signers:8: expected a key of ecdsa-sha2-nistp256 in base64"));
    }

    @Test
    void aLineThatOpenSshTakesForACommentIsOneHereToo() {
        TestSigner key = TestSigner.make(folder.resolve("key"), "key");

        for (String hidden : new String[] {"\r", "\u0085", "\u000b", "\0"}) {
            assertThatThrownBy(() -> AllowedSigners.parse(FILE, "# who may sign" + hidden + key.line("prod", "")))
                    .hasMessage("allowed_signers:1: expected no control characters, got some");
        }
        assertThat(AllowedSigners.parse(FILE, "# who may sign\u2028" + key.line("prod", ""))
                        .lines())
                .isEmpty();
        assertThat(AllowedSigners.parse(
                                FILE,
                                "# from Windows\r\n" + key.line("prod", "").replace("\n", "\r\n"))
                        .lines())
                .hasSize(1);
    }

    @Test
    void whatOpenSshReadsOtherwiseIsRefused() {
        TestSigner key = TestSigner.make(folder.resolve("key"), "key");

        assertThatThrownBy(() -> AllowedSigners.parse(
                        FILE,
                        key.line("prod", "namespaces=\"git,!release\"")
                                + key.line("prod", "namespaces=\"release*\"")
                                + key.line("prod", "namespaces")
                                + key.line("prod", "valid-before=\"20260101Z\",Valid-Before=\"20990101Z\"")
                                + key.line("prod", "valid-after=\"20260102Z\",valid-before=\"20260101Z\"")
                                + key.line("!prod", "")
                                + "\u2003" + key.line("prod", "")))
                .isInstanceOfSatisfying(
                        ReleaseException.VerificationFailed.class,
                        e -> assertThat(e.faults())
                                .containsExactly(
                                        "allowed_signers:1: namespaces: expected names such as git,release, got"
                                                + " \"!release\"",
                                        "allowed_signers:2: namespaces: expected names such as git,release, got"
                                                + " \"release*\"",
                                        "allowed_signers:3: namespaces: expected names such as git,release, got \"\"",
                                        "allowed_signers:4: valid-before: expected it once, got it again",
                                        "allowed_signers:5: valid-before: expected a time after that of valid-after",
                                        "allowed_signers:6: expected the names of principals, got \"!prod\"",
                                        "allowed_signers:7: expected the names of principals, got \"\\u2003prod\""));
    }

    @Test
    void keysThatSignNothingHereArePassedOverAndAMissingFileTrustsNobody() {
        AllowedSigners others = AllowedSigners.parse(FILE, "alice ssh-rsa AAAA alice@example\n");

        assertThat(others.lines()).isEmpty();
        assertThat(others.isThere()).isTrue();
        assertThat(AllowedSigners.read(folder.resolve("none")).isThere()).isFalse();
    }

    /** Each of these trusts nobody for OpenSSH, or says something else than it seems to. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"prod KEY",
                "p\"ro\"d KEY",
                "\"prod\",test KEY",
                "prod\"\" KEY",
                "\"prod test\" KEY",
                "prod, KEY",
                "prod namespaces=git KEY",
                "prod namespaces=\"git KEY",
                "prod namespaces=\"git\" valid-after=\"20200101Z\" KEY",
                "prod namespaces=\"git\", valid-after=\"20200101Z\" KEY",
                "prod namespaces=\"git\",KEY",
                "prod , KEY",
                "prod ,namespaces=\"git\" KEY",
                "prod namespaces=\"git,\" KEY",
                "prod namespaces=\" git\" KEY",
                "prod namespaces=\"\" KEY",
                "prod valid-after=20200101Z KEY",
                "prod valid-after KEY",
                "prod valid-after=\"0x5e0be100\" KEY",
                "prod verify-required KEY",
                "prod verify-required,namespaces=\"git\" KEY",
                "KEY",
                "\uFEFFprod KEY",
                "prod KEY\nprod cert-authority KEY"
            })
    void aLineThatOpenSshDoesNotTakeAsItReadsIsRefused(String line) {
        TestSigner key = TestSigner.make(folder.resolve("key"), "");
        String bare = key.line("", "").strip();

        assertThatThrownBy(() -> AllowedSigners.parse(FILE, line.replace("KEY", bare) + "\n"))
                .isInstanceOf(ReleaseException.VerificationFailed.class)
                .hasMessageStartingWith("allowed_signers:");
    }

    @Test
    void optionsThatAreNotSeparatedAsOpenSshWantsAreExplained() {
        TestSigner key = TestSigner.make(folder.resolve("key"), "key");

        assertThatThrownBy(() ->
                        AllowedSigners.parse(FILE, key.line("prod", "namespaces=\"git\" valid-after=\"20200101Z\"")))
                .hasMessage(
                        "allowed_signers:1: expected options separated by a comma without blanks, with their values in"
                                + " quotes, then a blank and the type of a key");
        assertThat(AllowedSigners.parse(FILE, key.line("\"prod,test\"", "NAMESPACES=\"git\",valid-after=\"20200101Z\""))
                        .lines())
                .extracting(AllowedSigner::principals)
                .containsExactly(List.of("prod", "test"));
    }
}
