package io.visitorcounter.release.image;

import io.visitorcounter.release.Digest;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;

/** Names derived from an image, for its app and its volumes; valid as host names and file names. */
public final class AppNames {

    // A label of a host name has at most 63 characters; a volume's name gets a prefix and a suffix too.
    private static final int MAX_NAME = 63;
    private static final int MAX_VOLUME_NAME = 40;
    static final String NONE = "app";
    static final String TITLE = "org.opencontainers.image.title";

    private AppNames() {}

    /** {@return the app's name: its title, or else its repository's}
     *
     *  @param name the image's name in its store */
    public static String app(Image image, String name) {
        String title = image.labels().getOrDefault(TITLE, "");
        return fit(title).or(() -> repository(name).flatMap(AppNames::fit)).orElse(NONE);
    }

    private static Optional<String> repository(String name) {
        return Registry.isReference(name)
                ? Optional.of(ImageReference.parse(name).repository())
                : Optional.empty();
    }

    private static Optional<String> fit(String text) {
        String plain = plain(text);
        return plain.isEmpty() || !Character.isLetter(plain.charAt(0))
                ? Optional.empty()
                : Optional.of(cut(plain, MAX_NAME));
    }

    /** {@return a name for one of its volumes: {@code /app/data} is {@code app-data}} If another folder could have the
     *  same name, part of its digest is added: two folders never share a volume. */
    public static String volume(String folder) {
        String plain = plain(folder);
        boolean isOnlyOne = folder.equals("/" + plain.replace('-', '/'));
        if (isOnlyOne && !plain.isEmpty() && plain.length() <= MAX_VOLUME_NAME) {
            return plain;
        }
        String digest = Digest.of(folder.getBytes(StandardCharsets.UTF_8)).shortText();
        return plain.isEmpty() ? digest : cut(plain, MAX_VOLUME_NAME) + "-" + digest;
    }

    /** {@return a text in small letters and digits, with a dash for everything in between} */
    static String plain(String text) {
        return text.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-").replaceAll("^-|-$", "");
    }

    private static String cut(String name, int length) {
        return name.length() <= length ? name : name.substring(0, length).replaceAll("-$", "");
    }
}
