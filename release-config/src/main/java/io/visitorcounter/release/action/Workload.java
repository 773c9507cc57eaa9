package io.visitorcounter.release.action;

import io.visitorcounter.release.Digest;
import io.visitorcounter.release.ReleaseId;
import io.visitorcounter.release.config.Bundle;
import io.visitorcounter.release.image.Image;
import io.visitorcounter.release.image.ReleaseLayer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** A release as any platform sees it: a process, what it is given, and what it needs.
 *
 *  @param id the release
 *  @param name the app's, fit for a host name
 *  @param image by digest
 *  @param labels what the release image says that it is made of
 *  @param env the variables with their values, but the release's
 *  @param secrets the variables whose values are not ours to know
 *  @param port where it serves HTTP
 *  @param user whom it runs as; empty if that is root, or a name that a platform can't judge
 *  @param volumes the folders that it writes to, and that outlive it
 *  @param drain how long it serves on after it was told to end */
record Workload(
        ReleaseId id,
        String name,
        String image,
        SortedMap<String, String> labels,
        Map<String, String> env,
        Collection<String> secrets,
        Optional<Integer> port,
        Optional<Image.User> user,
        List<String> volumes,
        Duration drain) {

    /** Where a process may write what it does not keep. */
    static final String SCRATCH = "/tmp";

    // A label of a host name has at most 63 characters; a volume's gets more around it.
    private static final int MAX_NAME = 63;
    private static final int MAX_VOLUME_NAME = 40;

    private static final String PORT = "HTTP_PORT";
    private static final String DRAIN = "http.drain-delay";

    // What open requests and the store may take after the drain delay.
    private static final Duration LAST_REQUESTS = Duration.ofSeconds(20);
    private static final Duration MIN_GRACE = Duration.ofSeconds(30);

    static Workload of(ReleaseId id, String reference, Image image, Bundle bundle) {
        SortedMap<String, String> labels = new TreeMap<>(image.labels());
        labels.keySet().retainAll(ReleaseLayer.DIGEST_LABELS);
        return new Workload(
                id,
                name(image),
                reference,
                labels,
                bundle.env(),
                bundle.variables(),
                port(bundle),
                image.user(),
                image.volumes(),
                bundle.duration(DRAIN).orElse(Duration.ZERO));
    }

    private static String name(Image image) {
        String title = image.labels().getOrDefault("org.opencontainers.image.title", "app");
        String plain = plain(title);
        return plain.isEmpty() || !Character.isLetter(plain.charAt(0)) ? "app" : cut(plain, MAX_NAME);
    }

    private static Optional<Integer> port(Bundle bundle) {
        return Optional.ofNullable(bundle.env().get(PORT))
                .filter(text -> text.matches("[1-9][0-9]{0,4}"))
                .map(Integer::valueOf);
    }

    /** {@return how long a platform waits, after it told the process to end, until it kills it: whole seconds} */
    long graceSeconds() {
        Duration asked = drain.plus(LAST_REQUESTS).plusMillis(999);
        return (asked.compareTo(MIN_GRACE) < 0 ? MIN_GRACE : asked).toSeconds();
    }

    /** {@return a name for one of its volumes, fit for a host name: {@code /app/data} is {@code app-data}} Where
     *  that is the name of another folder too, a part of its own digest tells it apart: two are never one volume. */
    static String volumeName(String folder) {
        String plain = plain(folder);
        boolean alone = folder.equals("/" + plain.replace('-', '/'));
        if (alone && !plain.isEmpty() && plain.length() <= MAX_VOLUME_NAME) {
            return plain;
        }
        String digest = Digest.of(folder.getBytes(StandardCharsets.UTF_8)).shortText();
        return plain.isEmpty() ? digest : cut(plain, MAX_VOLUME_NAME) + "-" + digest;
    }

    private static String plain(String text) {
        return text.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-").replaceAll("^-|-$", "");
    }

    private static String cut(String name, int length) {
        return name.length() <= length ? name : name.substring(0, length).replaceAll("-$", "");
    }
}
