package io.visitorcounter.release.trust;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.visitorcounter.release.CanonicalJson;
import io.visitorcounter.release.Digest;
import io.visitorcounter.release.ReleaseException;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.interfaces.ECPrivateKey;
import java.security.interfaces.ECPublicKey;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Keys and what they sign, without any other program. */
class SigningKeyTest {

    private static final byte[] MESSAGE = "what is signed".getBytes(StandardCharsets.UTF_8);

    @TempDir
    Path folder;

    @Test
    void aPasswordGivesTheKeyThatOpenBsdMakesOfIt() {
        byte[] key = BcryptPbkdf.derive(bytes("password"), bytes("salt"), 32, 4);

        assertThat(HexFormat.of().formatHex(key))
                .isEqualTo("5bbf0cc293587f1c3635555c27796598d47e579071bf427e9d8fbe842aba34d9");
    }

    @Test
    void whatAKeySignsIsVerifiedByItsOtherHalfAndByNoOther() {
        SigningKey one = TestSigner.make(folder.resolve("one"), "one").signing();
        SigningKey other = TestSigner.make(folder.resolve("other"), "other").signing();

        StatementBundle bundle = StatementBundle.read("a.json", StatementBundle.sign(statement(), one));
        SshSignature signature = SshSignature.parse(SshSignature.sign(MESSAGE, "git", one));

        assertThat(bundle.isBy(one.verifying())).isTrue();
        assertThat(bundle.isBy(other.verifying())).isFalse();
        assertThat(bundle.statement("a.json")).isEqualTo(statement());
        assertThat(signature.isOf(MESSAGE, "git")).isTrue();
        assertThat(signature.isOf(MESSAGE, "file")).isFalse();
        assertThat(signature.isOf(bytes("what is not"), "git")).isFalse();
    }

    @Test
    void aPersonsKeySignsAsAMachinesDoes() {
        SigningKey alice = TestSigner.person(folder.resolve("alice"), "alice").signing();
        SigningKey prod = TestSigner.make(folder.resolve("prod"), "prod").signing();

        StatementBundle bundle = StatementBundle.read("a.json", StatementBundle.sign(statement(), alice));
        SshSignature signature = SshSignature.parse(SshSignature.sign(MESSAGE, "git", alice));

        assertThat(bundle.isBy(alice.verifying())).isTrue();
        assertThat(bundle.isBy(prod.verifying())).isFalse();
        assertThat(signature.isOf(MESSAGE, "git")).isTrue();
        assertThat(signature.isOf(bytes("what is not"), "git")).isFalse();
        assertThat(prod.verifying().verifies(MESSAGE, alice.sign(MESSAGE))).isFalse();
        assertThat(alice.verifying().verifies(MESSAGE, prod.sign(MESSAGE))).isFalse();
    }

    /** Of these, the first builds of Java 17 took some for anybody's signature. */
    static Stream<String> numbersOutOfRange() {
        String order = "ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551";
        String zero = "0".repeat(64);
        String one = "0".repeat(63) + "1";
        return Stream.of(
                zero + zero, zero + one, one + zero, order + one, one + order, order + order, "", one, one + one + one);
    }

    @ParameterizedTest
    @MethodSource("numbersOutOfRange")
    void numbersThatNoSignatureHasAreNobodysSignature(String hex) {
        byte[] plain = HexFormat.of().parseHex(hex);

        assertThat(EcdsaSignature.isInRange(plain)).isFalse();
        assertThat(TestSigner.make(folder.resolve("key"), "key")
                        .signing()
                        .verifying()
                        .verifiesPlain(MESSAGE, plain))
                .isFalse();
    }

    @Test
    void aSignatureInDerHasOneForm() {
        SigningKey key = TestSigner.make(folder.resolve("key"), "key").signing();

        for (int i = 0; i < 600; i++) {
            byte[] der = key.sign(bytes("message " + i));
            assertThat(key.verifying().verifies(bytes("message " + i), der)).isTrue();
        }
        for (String bad : new String[] {
            "",
            "3006020100020100",
            "3006020101020100",
            "30060201ff020101",
            "300702020001020101",
            "3006020101020101ff",
            "300602010102010100",
            "3080020101020101",
            "3005020101020101",
            "3006040101020101",
            "30060201010201"
        }) {
            assertThat(EcdsaSignature.ofDer(HexFormat.of().parseHex(bad)))
                    .as(bad)
                    .isEmpty();
        }
        assertThat(EcdsaSignature.ofDer(HexFormat.of().parseHex("3006020101020102")))
                .isPresent();
    }

    @Test
    void aSignatureWhoseNumbersBeginWithZerosIsReadAsAnyOther() {
        SigningKey key = TestSigner.make(folder.resolve("key"), "key").signing();
        boolean shortR = false;
        boolean shortS = false;
        int tries = 0;

        // One number in 256 is that short; a try in 128 has one of the two.
        for (; !(shortR && shortS) && tries < 100_000; tries++) {
            byte[] message = bytes("message " + tries);
            byte[] plain = key.signPlain(message);
            if (plain[0] == 0 || plain[32] == 0) {
                shortR |= plain[0] == 0;
                shortS |= plain[32] == 0;
                byte[] numbers = new SshWriter()
                        .magnitude(new BigInteger(1, Arrays.copyOf(plain, 32)))
                        .magnitude(new BigInteger(1, Arrays.copyOfRange(plain, 32, 64)))
                        .bytes();
                assertThat(numbers.length).isLessThan(74);
                assertThat(key.verifying().verifiesPlain(message, plain)).isTrue();
            }
            SshSignature signature = SshSignature.parse(SshSignature.sign(message, "git", key));
            assertThat(signature.isOf(message, "git")).isTrue();
        }

        assertThat(shortR && shortS).as("both within %s tries", tries).isTrue();
    }

    /** {@return a key of whose numbers one has fewer than 32 bytes} */
    static KeyPair shortOne(Function<KeyPair, BigInteger> number) {
        // One in 256 is.
        return Stream.generate(TestSigner::pair)
                .filter(pair -> number.apply(pair).bitLength() <= 248)
                .findFirst()
                .orElseThrow();
    }

    /** The numbers of a key: both of its point, and the secret one. */
    static Stream<Function<KeyPair, BigInteger>> numbers() {
        return Stream.of(
                pair -> ((ECPublicKey) pair.getPublic()).getW().getAffineX(),
                pair -> ((ECPublicKey) pair.getPublic()).getW().getAffineY(),
                pair -> ((ECPrivateKey) pair.getPrivate()).getS());
    }

    @ParameterizedTest
    @MethodSource("numbers")
    void aKeyWhoseNumbersBeginWithZerosIsReadAsAnyOther(Function<KeyPair, BigInteger> number) {
        KeyPair pair = shortOne(number);
        TestSigner signer = TestSigner.make(folder.resolve("short"), "short", pair);

        SigningKey key = signer.signing();
        StatementBundle bundle = StatementBundle.read("a.json", StatementBundle.sign(statement(), key));

        assertThat(key.verifying().hint())
                .isEqualTo(Base64.getEncoder()
                        .encodeToString(Digest.sha256().digest(pair.getPublic().getEncoded())));
        assertThat(AllowedSigners.parse(Path.of("allowed_signers"), signer.line("prod", ""))
                        .of(bundle))
                .hasSize(1)
                .allMatch(line -> bundle.isBy(line.key()));
        assertThat(SshSignature.parse(SshSignature.sign(MESSAGE, "git", key)).isOf(MESSAGE, "git"))
                .isTrue();
    }

    @Test
    void aBundleOfAnyOtherFormIsRefused() {
        SigningKey key = TestSigner.make(folder.resolve("key"), "key").signing();
        String good = new String(StatementBundle.sign(statement(), key), StandardCharsets.UTF_8);
        List<String> bad = List.of(
                "",
                "[]",
                good.replace("v0.3", "v0.4"),
                good.replace("\"mediaType\"", "\"certificate\": 1, \"mediaType\""),
                good.replace("\"sig\"", "\"keyid\": \"x\", \"sig\""),
                good.replace("vnd.in-toto", "vnd.other"),
                good.replace("\"hint\"", "\"hinted\""),
                good.replaceFirst("\"payload\": \"", "\"payload\": \"*"));

        for (String each : bad) {
            assertThatThrownBy(() -> StatementBundle.read("a.json", bytes(each)))
                    .isInstanceOf(ReleaseException.VerificationFailed.class)
                    .hasMessageStartingWith("a.json: ");
        }
    }

    @Test
    void aBundleOfWhichOneByteIsAnotherIsNotByItsKey() {
        SigningKey key = TestSigner.make(folder.resolve("key"), "key").signing();
        byte[] good = StatementBundle.sign(statement(), key);

        for (String field : List.of("payload", "sig")) {
            ObjectNode changed = CanonicalJson.parse("a.json", good);
            ObjectNode holder = changed.findParent(field);
            byte[] value = Base64.getDecoder().decode(holder.path(field).textValue());
            value[value.length - 3] ^= 1;
            holder.put(field, Base64.getEncoder().encodeToString(value));

            assertThat(StatementBundle.read("a.json", CanonicalJson.bytes(changed))
                            .isBy(key.verifying()))
                    .as(field)
                    .isFalse();
        }
        assertThat(StatementBundle.read("a.json", good).isBy(key.verifying())).isTrue();
    }

    @Test
    void aKeyOfAnotherKindOrFormIsNamedAsWhatItIs() throws Exception {
        byte[] ed25519 = KeyPairGenerator.getInstance("Ed25519")
                .generateKeyPair()
                .getPrivate()
                .getEncoded();
        // secp256k1 has as many bits as P-256.
        byte[] other = HexFormat.of()
                .parseHex("308184020100301006072a8648ce3d020106052b8104000a046d306b0201010420" + "01".repeat(32)
                        + "a144034200" + "04" + "02".repeat(64));
        for (Map.Entry<byte[], String> bad : Map.of(
                        ed25519, "expected a key of Ed25519 in OpenSSH's form, got it in PKCS#8",
                        other, "expected one of P-256 or Ed25519, got another kind")
                .entrySet()) {
            Path file = Files.writeString(
                    folder.resolve("bad"),
                    "-----BEGIN PRIVATE KEY-----\n" + Base64.getEncoder().encodeToString(bad.getKey())
                            + "\n-----END PRIVATE KEY-----\n");
            assertThatThrownBy(() -> SigningKey.read(file, Optional.empty())).hasMessageContaining(bad.getValue());
        }
    }

    @Test
    void aFileThatIsNoKeySaysSoAndNeverWhatIsInIt() throws IOException {
        TestSigner.make(folder.resolve("key"), "key");
        String good = Files.readString(folder.resolve("key"));
        List<String> faults = new ArrayList<>();

        for (String bad : List.of(
                "",
                "top-secret",
                good.replace("OPENSSH PRIVATE", "EC PRIVATE"),
                good.replaceAll(
                        "(?s)KEY-----\n.*\n-----END",
                        "KEY-----\n" + Base64.getEncoder().encodeToString(bytes("top-secret")) + "\n-----END"),
                good.replace("-----BEGIN OPENSSH PRIVATE KEY-----\n", "-----BEGIN OPENSSH PRIVATE KEY-----\nb3"))) {
            Path file = Files.writeString(folder.resolve("bad"), bad);
            assertThatThrownBy(() -> SigningKey.read(file, Optional.of("top-secret")))
                    .isInstanceOf(ReleaseException.Unreachable.class)
                    .satisfies(e -> faults.add(String.valueOf(e.getMessage())));
        }

        assertThat(faults).allMatch(text -> text.startsWith(folder.resolve("bad") + ": the signing key: "));
        assertThat(faults).noneMatch(text -> text.contains("top-secret"));
        assertThat(faults.get(2)).contains("ssh-keygen -p");
    }

    private static com.fasterxml.jackson.databind.node.ObjectNode statement() {
        return StatementBundle.statement(
                List.of(new StatementBundle.NamedDigest("a", Digest.of(MESSAGE))),
                "https://example/v1",
                CanonicalJson.object().put("is", "so"));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
