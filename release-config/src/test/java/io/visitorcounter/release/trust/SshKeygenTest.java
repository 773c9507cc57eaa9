package io.visitorcounter.release.trust;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.visitorcounter.release.ReleaseException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What ssh-keygen makes is read, and what is made here ssh-keygen verifies. */
class SshKeygenTest {

    private static final String PASSWORD = "correct horse";

    @TempDir
    Path folder;

    @BeforeAll
    static void findIt() throws Exception {
        boolean there = isThere();
        if ("required".equals(System.getenv("TEST_SSH"))) {
            assertThat(there).as("ssh-keygen; apt-get install openssh-client").isTrue();
        }
        assumeTrue(there, "no ssh-keygen on the PATH; install it (Debian: apt-get install openssh-client)");
    }

    private static boolean isThere() throws InterruptedException {
        try {
            return new ProcessBuilder("ssh-keygen", "-?")
                            .redirectErrorStream(true)
                            .start()
                            .waitFor()
                    >= 0;
        } catch (IOException e) {
            return false;
        }
    }

    static Stream<List<String>> forms() {
        return Stream.of(
                List.of("-t", "ecdsa", "-b", "256", "-N", ""),
                List.of("-t", "ecdsa", "-b", "256", "-N", PASSWORD),
                List.of("-t", "ecdsa", "-b", "256", "-N", PASSWORD, "-a", "3"),
                List.of("-t", "ecdsa", "-b", "256", "-N", "", "-m", "PKCS8"),
                List.of("-t", "ecdsa", "-b", "256", "-N", PASSWORD, "-m", "PKCS8"),
                List.of("-t", "ed25519", "-N", ""),
                List.of("-t", "ed25519", "-N", PASSWORD));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("forms")
    void aKeyOfEveryFormIsReadAndSignsWhatSshKeygenVerifies(List<String> form) throws Exception {
        Path file = folder.resolve("key");
        run(
                "",
                Stream.concat(Stream.of("ssh-keygen", "-q", "-C", "ci", "-f", file.toString()), form.stream())
                        .toArray(String[]::new));
        Path signers = folder.resolve("allowed_signers");
        Files.writeString(signers, "prod namespaces=\"git\" " + Files.readString(folder.resolve("key.pub")));

        SigningKey key = SigningKey.read(file, Optional.of(PASSWORD));
        Path signature = Files.writeString(
                folder.resolve("signature"),
                SshSignature.sign("a message".getBytes(StandardCharsets.UTF_8), "git", key));

        assertThat(AllowedSigners.read(signers).of(key.verifying())).hasSize(1);
        assertThat(run("a message", verify(signers, signature, "git"))).isZero();
        assertThat(run("another", verify(signers, signature, "git"))).isNotZero();
        assertThat(run("a message", verify(signers, signature, "file"))).isNotZero();
        if (form.contains(PASSWORD)) {
            assertThatThrownBy(() -> SigningKey.read(file, Optional.of("wrong")))
                    .isInstanceOf(ReleaseException.Unreachable.class)
                    .hasMessageEndingWith("the password is wrong");
            assertThatThrownBy(() -> SigningKey.read(file, Optional.empty()))
                    .isInstanceOf(ReleaseException.Unreachable.class)
                    .hasMessageContaining("it has a password; set RELEASE_SIGNING_KEY_PASSWORD");
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("kinds")
    void aSignatureOfSshKeygenIsVerified(List<String> kind) throws Exception {
        Path file = folder.resolve("key");
        run(
                "",
                Stream.concat(Stream.of("ssh-keygen", "-q", "-N", "", "-f", file.toString()), kind.stream())
                        .toArray(String[]::new));
        Path message = Files.writeString(folder.resolve("message"), "a message");
        run("", "ssh-keygen", "-q", "-Y", "sign", "-f", file.toString(), "-n", "release", message.toString());

        SshSignature signature = SshSignature.parse(Files.readString(folder.resolve("message.sig")));

        assertThat(signature.isOf(Files.readAllBytes(message), "release")).isTrue();
        assertThat(signature.isOf(Files.readAllBytes(message), "git")).isFalse();
        assertThat(Files.readString(folder.resolve("key.pub")))
                .startsWith(signature.key().line());
    }

    static Stream<List<String>> kinds() {
        return Stream.of(List.of("-t", "ecdsa", "-b", "256"), List.of("-t", "ed25519"));
    }

    @Test
    void aKeyOfAnotherCipherIsNamedWithWhatConvertsIt() throws Exception {
        Path file = folder.resolve("key");
        run(
                "",
                "ssh-keygen",
                "-q",
                "-t",
                "ecdsa",
                "-b",
                "256",
                "-N",
                "a word",
                "-Z",
                "aes256-gcm@openssh.com",
                "-f",
                file.toString());

        assertThatThrownBy(() -> SigningKey.read(file, Optional.of("a word")))
                .hasMessageEndingWith(
                        "expected one encrypted with aes256-ctr, got \"aes256-gcm@openssh.com\"; ssh-keygen -p -Z aes256-ctr"
                                + " -f FILE converts it");
    }

    @Test
    void aKeyOfAnotherKindIsRefused() throws Exception {
        Path file = folder.resolve("key");
        run("", "ssh-keygen", "-q", "-t", "ecdsa", "-b", "384", "-N", "", "-f", file.toString());

        assertThatThrownBy(() -> SigningKey.read(file, Optional.empty()))
                .hasMessageEndingWith(
                        "expected one of P-256 or Ed25519, got another kind; make one with ssh-keygen -t ecdsa -b 256");
    }

    private static String[] verify(Path signers, Path signature, String namespace) {
        return new String[] {
            "ssh-keygen",
            "-Y",
            "verify",
            "-f",
            signers.toString(),
            "-I",
            "prod",
            "-n",
            namespace,
            "-s",
            signature.toString()
        };
    }

    private static int run(String in, String... command) throws Exception {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        try (var out = process.getOutputStream()) {
            out.write(in.getBytes(StandardCharsets.UTF_8));
        }
        process.getInputStream().readAllBytes();
        return process.waitFor();
    }
}
