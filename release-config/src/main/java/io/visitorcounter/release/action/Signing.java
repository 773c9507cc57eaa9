package io.visitorcounter.release.action;

import io.visitorcounter.release.ReleaseException;
import io.visitorcounter.release.ledger.Entry;
import io.visitorcounter.release.ledger.EntrySigner;
import io.visitorcounter.release.trust.AllowedSigner;
import io.visitorcounter.release.trust.AllowedSigners;
import io.visitorcounter.release.trust.SigningKey;
import io.visitorcounter.release.trust.SshSignature;
import io.visitorcounter.release.trust.StatementBundle;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Who signs here, and whom this machine trusts: a key, if there is one, and the file of signers. Both are read once,
 *  and only when needed. */
public final class Signing {

    /** The suffix of a signature's file name; the key's short name precedes it. */
    static final String SUFFIX = ".sigstore.json";

    private final Path signersFile;
    private final Optional<Supplier<SigningKey>> key;
    private final Optional<BuildJob> job;
    private final boolean attaches;
    private @Nullable Background<Optional<SigningKey>> read;
    private @Nullable AllowedSigners signers;

    /** Takes the sources of both.
     *
     *  @param signersFile may be missing
     *  @param key reads the signing key; empty: there is none
     *  @param job the CI job that signs; empty: a person's machine
     *  @param attaches whether statements about an image are attached to it in its registry */
    public Signing(Path signersFile, Optional<Supplier<SigningKey>> key, Optional<BuildJob> job, boolean attaches) {
        this.signersFile = signersFile;
        this.key = key;
        this.job = job;
        this.attaches = attaches;
    }

    /** {@return the same without a key} */
    Signing withoutKey() {
        return new Signing(signersFile, Optional.empty(), job, attaches);
    }

    /** {@return the CI job that signs} */
    Optional<BuildJob> job() {
        return job;
    }

    /** {@return whether statements about an image are attached to it} */
    boolean attaches() {
        return attaches;
    }

    /** Begins to read the key, which takes a while: mostly the JDK's search for a signature provider. */
    synchronized Background<Optional<SigningKey>> begin() {
        Background<Optional<SigningKey>> begun = read;
        if (begun == null) {
            begun = Background.start("key", () -> key.map(Supplier::get));
            read = begun;
        }
        return begun;
    }

    /** {@return whether there is a key here, or a file of signers} */
    boolean isUsed() {
        return isOn() || Files.exists(signersFile);
    }

    /** {@return the error for signing without a key}
     *
     *  @param command the one that would sign */
    static ReleaseException noKey(String command) {
        return new ReleaseException.Usage("release " + command
                + ": expected a key, got none; name its file with --signing-key or RELEASE_SIGNING_KEY");
    }

    /** {@return whether there is a key} */
    boolean isOn() {
        return key.isPresent();
    }

    /** {@return the key that signs here; empty if there is none}
     *
     *  @throws ReleaseException.Unreachable if there is one, and it can't be used */
    Optional<SigningKey> key() {
        return key.isEmpty() ? Optional.empty() : begin().get();
    }

    /** {@return whom this machine trusts}
     *
     *  @throws ReleaseException.VerificationFailed if the file is malformed */
    synchronized AllowedSigners signers() {
        AllowedSigners known = signers;
        if (known == null) {
            known = AllowedSigners.read(signersFile);
            signers = known;
        }
        return known;
    }

    /** {@return the signer of what is appended now; empty if there is none}
     *
     *  @param at the time that the entry will have
     *  @param principals the key must belong to one of them; empty: to anyone
     *  @throws ReleaseException.Refused if the key may not sign, before anything is written */
    Optional<Own> own(Instant at, List<String> principals) {
        return key().map(mine ->
                new Own(mine, line(mine, at, principals, List.of(StatementBundle.NAMESPACE, SshSignature.GIT))));
    }

    /** {@return the signer of statements about images now; empty if there is none}
     *
     *  @param at the time
     *  @throws ReleaseException.Refused if the key may not sign */
    Optional<Own> attestor(Instant at) {
        return key().map(mine -> new Own(mine, line(mine, at, List.of(), List.of(StatementBundle.NAMESPACE))));
    }

    private AllowedSigner line(SigningKey mine, Instant at, List<String> principals, List<String> namespaces) {
        List<AllowedSigner> lines = signers().of(mine.verifying());
        String subject = signersFile + ": the signing key " + mine.verifying().fingerprint();
        if (lines.isEmpty()) {
            throw new ReleaseException.Refused(subject + " is in no line; add one, such as: ci" + " namespaces=\""
                    + namespaces.stream().sorted().collect(Collectors.joining(",")) + "\" "
                    + mine.verifying().line());
        }
        List<AllowedSigner> able = lines.stream()
                .filter(line -> namespaces.stream().allMatch(line::isFor))
                .toList();
        if (able.isEmpty()) {
            throw new ReleaseException.Refused(subject + " may not sign releases; line "
                    + lines.get(0).line() + " needs namespaces=\""
                    + namespaces.stream().sorted().collect(Collectors.joining(",")) + "\"");
        }
        if (able.stream().noneMatch(line -> line.speaksForOneOf(principals))) {
            throw new ReleaseException.Refused(subject + " speaks for "
                    + String.join(", ", able.get(0).principals()) + ", expected "
                    + String.join(" or ", principals));
        }
        return able.stream()
                .filter(line -> line.speaksForOneOf(principals) && line.isValidAt(at))
                .findFirst()
                .orElseThrow(() -> {
                    AllowedSigner line = able.get(0);
                    return new ReleaseException.Refused(
                            subject + " is not valid at " + at + ": " + span(line) + "; sign with another key");
                });
    }

    /** {@return when a line is valid, in words} */
    static String span(AllowedSigner line) {
        return line.keyName()
                + line.after().map(from -> " begins " + from).orElse("")
                + (line.after().isPresent() && line.before().isPresent() ? " and" : "")
                + line.before().map(until -> " ended " + until).orElse("");
    }

    /** The key that signs here, and the line that allows it. */
    record Own(SigningKey key, AllowedSigner line) implements EntrySigner {

        /** {@return the signer and the key, such as {@code prod (jenkins-prod-2026)}} */
        String label() {
            return line.label();
        }

        @Override
        public SortedMap<String, byte[]> sign(Entry entry) {
            SortedMap<String, byte[]> files = new TreeMap<>();
            files.put(key.verifying().id() + SUFFIX, StatementBundle.sign(EntryStatement.of(entry), key));
            return files;
        }

        @Override
        public String signCommit(byte[] commit) {
            return SshSignature.sign(commit, SshSignature.GIT, key);
        }
    }
}
