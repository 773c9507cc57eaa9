package io.visitorcounter.release.trust;

import io.visitorcounter.release.PrintableText;
import io.visitorcounter.release.ReleaseException;
import io.visitorcounter.release.SmallFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.ResolverStyle;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Whom to trust: OpenSSH's {@code allowed_signers}, as git and ssh-keygen read it, but for what would be ambiguous, which
 *  is refused: patterns of principals and namespaces, authorities, options that are given twice, and times of an unnamed time
 *  zone. Keys of other kinds than P-256 and Ed25519 are passed over, as they sign nothing here.
 *
 *  @param file its path, for messages
 *  @param isThere whether the file exists; if not, nobody is trusted
 *  @param lines the signers, in the order of the file */
public record AllowedSigners(Path file, boolean isThere, List<AllowedSigner> lines) {

    /** Its name, next to the environments' files. */
    public static final String NAME = "allowed_signers";

    private static final int MAX_BYTES = 1 << 20;
    private static final Set<String> OTHER_KINDS = Set.of(
            "ssh-rsa",
            "ecdsa-sha2-nistp384",
            "ecdsa-sha2-nistp521",
            "sk-ssh-ed25519@openssh.com",
            "sk-ecdsa-sha2-nistp256@openssh.com");
    // Quotes stand around all the principals, or around none.
    private static final Pattern PRINCIPALS = Pattern.compile("(?:\"([^\"]*)\"|([^\"\\s]+))[ \t]+");
    private static final String OPTION_NAMES = "(namespaces|valid-after|valid-before|cert-authority)";
    private static final Pattern OPTION =
            Pattern.compile(OPTION_NAMES + "(?:=\"([^\"]*)\")?(,|[ \t]+)", Pattern.CASE_INSENSITIVE);
    private static final Pattern MISPLACED_OPTION =
            Pattern.compile("(?:,[ \t]*)?" + OPTION_NAMES + "\\b", Pattern.CASE_INSENSITIVE);
    private static final Pattern NAMESPACE = Pattern.compile("[A-Za-z0-9._@+:/-]{1,100}");
    private static final String BLANKS = "[ \t]+";
    private static final Pattern NAME_OF_PRINCIPAL = Pattern.compile("[A-Za-z0-9._@+-]{1,100}");
    private static final DateTimeFormatter SECONDS =
            DateTimeFormatter.ofPattern("uuuuMMddHHmmss").withResolverStyle(ResolverStyle.STRICT);
    private static final Pattern TIME = Pattern.compile("([0-9]{8})([0-9]{4})?([0-9]{2})?Z");

    public AllowedSigners {
        lines = List.copyOf(lines);
    }

    /** {@return the signers that a file names}
     *
     *  @throws ReleaseException.VerificationFailed with every malformed line
     *  @throws ReleaseException.Unreachable if it can't be read */
    public static AllowedSigners read(Path file) {
        if (Files.exists(file) && !Files.isRegularFile(file)) {
            // Reading a pipe would wait for its writer.
            throw new ReleaseException.Unreachable(file + ": can't be read: expected a file, got something else");
        }
        try {
            return parse(file, new String(SmallFile.read(file, MAX_BYTES), StandardCharsets.UTF_8));
        } catch (NoSuchFileException e) {
            return new AllowedSigners(file, false, List.of());
        } catch (IOException e) {
            throw new ReleaseException.Unreachable(file + ": can't be read: " + ReleaseException.reason(e), e);
        }
    }

    static AllowedSigners parse(Path file, String text) {
        List<AllowedSigner> signers = new ArrayList<>();
        List<String> faults = new ArrayList<>();
        // A line ends only where it does for OpenSSH: what OpenSSH and a reviewer read as a comment must be one here.
        String[] lines = text.split("\n", -1);
        for (int i = 0; i < lines.length; i++) {
            try {
                String line = stripped(lines[i]);
                if (!line.isEmpty() && !line.startsWith("#")) {
                    signer(i + 1, line).ifPresent(signers::add);
                }
            } catch (IllegalArgumentException e) {
                faults.add(file + ":" + (i + 1) + ": " + e.getMessage());
            }
        }
        if (!faults.isEmpty()) {
            throw new ReleaseException.VerificationFailed(faults);
        }
        return new AllowedSigners(file, true, signers);
    }

    private static String stripped(String line) {
        String text = line.endsWith("\r") ? line.substring(0, line.length() - 1) : line;
        if (text.chars().anyMatch(each -> each != '\t' && Character.isISOControl(each))) {
            throw new IllegalArgumentException("expected no control characters, got some");
        }
        return text.replaceAll("^" + BLANKS + "|" + BLANKS + "$", "");
    }

    private static Optional<AllowedSigner> signer(int number, String line) {
        Matcher field = PRINCIPALS.matcher(line);
        if (!field.lookingAt()) {
            throw new IllegalArgumentException("expected PRINCIPALS [OPTIONS] TYPE KEY [COMMENT]");
        }
        String named = field.group(1) == null ? field.group(2) : field.group(1);
        List<String> principals = names(named, NAME_OF_PRINCIPAL, "expected the names of principals");
        String rest = line.substring(field.end());
        Options options = Options.read(rest);
        String[] key = rest.substring(options.end()).split(BLANKS, 3);
        if (key.length < 2) {
            throw new IllegalArgumentException("expected a type and a key after the options");
        }
        String comment = key.length > 2 ? PrintableText.oneLine(key[2].strip()) : "";
        return key(key[0], key[1])
                .map(verifying -> new AllowedSigner(
                        number,
                        principals,
                        options.namespaces(),
                        options.after(),
                        options.before(),
                        verifying,
                        comment));
    }

    /** What a line says between its principals and its key, and where that ends. */
    private record Options(List<String> namespaces, Optional<Instant> after, Optional<Instant> before, int end) {

        static Options read(String text) {
            List<String> namespaces = List.of();
            Optional<Instant> after = Optional.empty();
            Optional<Instant> before = Optional.empty();
            Set<String> given = new HashSet<>();
            Matcher option = OPTION.matcher(text);
            int at = 0;
            boolean isAnotherOne = true;
            for (; isAnotherOne && option.region(at, text.length()).lookingAt(); at = option.end()) {
                isAnotherOne = option.group(3).equals(",");
                String value = option.group(2) == null ? "" : option.group(2);
                String name = option.group(1).toLowerCase(Locale.ROOT);
                if (!given.add(name)) {
                    throw new IllegalArgumentException(name + ": expected it once, got it again");
                }
                switch (name) {
                    case "namespaces" ->
                        namespaces = names(value, NAMESPACE, "namespaces: expected names such as git,release");
                    case "valid-after" -> after = Optional.of(time(name, value));
                    case "valid-before" -> before = Optional.of(time(name, value));
                    default -> throw new IllegalArgumentException("expected a key, got an authority (cert-authority)");
                }
            }
            // A comma before the key, or a blank between two options, ends the options for OpenSSH; it then finds no
            // key.
            if ((at > 0 && isAnotherOne)
                    || MISPLACED_OPTION.matcher(text).region(at, text.length()).lookingAt()) {
                throw new IllegalArgumentException(
                        "expected options separated by a comma without blanks, with their values"
                                + " in quotes, then a blank and the type of a key");
            }
            if (after.isPresent() && before.isPresent() && !after.get().isBefore(before.get())) {
                throw new IllegalArgumentException("valid-before: expected a time after that of valid-after");
            }
            return new Options(namespaces, after, before, at);
        }
    }

    // OpenSSH takes patterns, also those that exclude; here a name means itself.
    private static List<String> names(String list, Pattern form, String expected) {
        List<String> names = List.of(list.split(",", -1));
        for (String name : names) {
            if (!form.matcher(name).matches()) {
                throw new IllegalArgumentException(expected + ", got " + PrintableText.quoted(name));
            }
        }
        return names;
    }

    /** The key; empty for one of a kind that signs nothing here. */
    private static Optional<VerifyingKey> key(String type, String text) {
        if (OTHER_KINDS.contains(type)) {
            return Optional.empty();
        }
        if (!type.equals(VerifyingKey.P256) && !type.equals(VerifyingKey.ED25519)) {
            throw new IllegalArgumentException("expected the type of a key, got " + PrintableText.quoted(type));
        }
        try {
            VerifyingKey key = VerifyingKey.ofSsh(Base64.getDecoder().decode(text));
            if (!key.type().equals(type)) {
                throw new IllegalArgumentException("another type");
            }
            return Optional.of(key);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("expected a key of " + type + " in base64");
        }
    }

    // Without the Z, every machine would use its own time zone.
    private static Instant time(String option, String text) {
        Matcher time = TIME.matcher(text);
        if (time.matches() && (time.group(2) != null || time.group(3) == null)) {
            String digits = text.substring(0, text.length() - 1);
            try {
                return LocalDateTime.parse(digits + "0".repeat(14 - digits.length()), SECONDS)
                        .toInstant(ZoneOffset.UTC);
            } catch (DateTimeException e) {
                throw new IllegalArgumentException(option + ": no such time: " + text);
            }
        }
        throw new IllegalArgumentException(
                option + ": expected a time of UTC such as 20260301Z, got " + PrintableText.quoted(text));
    }

    /** {@return the lines of a key, in the order of the file} */
    public List<AllowedSigner> of(VerifyingKey key) {
        return lines.stream().filter(signer -> signer.key().equals(key)).toList();
    }

    /** {@return the lines of the key that a bundle names}
     *
     *  @param bundle its signature may still be by another key */
    public List<AllowedSigner> of(StatementBundle bundle) {
        return lines.stream()
                .filter(signer -> signer.key().hint().equals(bundle.hint()))
                .toList();
    }

    /** {@return why a bundle is not signed by a key of this file; empty if it is}
     *
     *  @param bundle what its key may sign is not checked here */
    public Optional<String> fault(StatementBundle bundle) {
        List<AllowedSigner> named = of(bundle);
        if (named.isEmpty()) {
            return Optional.of("by a key that is not in " + file);
        }
        AllowedSigner signer = named.get(0);
        return bundle.isBy(signer.key())
                ? Optional.empty()
                : Optional.of("not signed by the key that it names, of " + signer.label());
    }
}
