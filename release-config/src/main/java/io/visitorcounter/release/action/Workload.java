package io.visitorcounter.release.action;

import io.visitorcounter.release.ReleaseId;
import io.visitorcounter.release.config.Bundle;
import io.visitorcounter.release.image.AppNames;
import io.visitorcounter.release.image.Image;
import io.visitorcounter.release.image.ImageDeclaration;
import io.visitorcounter.release.image.ReleaseLayer;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** A release as any platform sees it: a process, what it gets, and what it needs.
 *
 *  @param id the release
 *  @param name the app's, valid as a host name
 *  @param image by digest
 *  @param labels of the release image, which say what it is made of
 *  @param env the variables with their values, without the release's own
 *  @param secrets the variables whose values are secret
 *  @param port where it serves HTTP
 *  @param portVariable the variable that holds this port
 *  @param livePath the path that answers while the process works; empty: none is declared
 *  @param readyPath the path that answers while it accepts requests; empty: none is declared
 *  @param user the one that it runs as; empty if that is root, or a name that a platform can't evaluate
 *  @param volumes the folders that it writes to and that outlive it
 *  @param keepsData whether, with this config, it stores data in them
 *  @param drain how long it still serves after it was told to end; empty: not declared */
record Workload(
        ReleaseId id,
        String name,
        String image,
        SortedMap<String, String> labels,
        Map<String, String> env,
        Collection<String> secrets,
        Optional<Integer> port,
        String portVariable,
        Optional<String> livePath,
        Optional<String> readyPath,
        Optional<Image.User> user,
        List<String> volumes,
        boolean keepsData,
        Optional<Duration> drain) {

    /** Where a process may write temporary files. */
    static final String SCRATCH = "/tmp";

    // How long open requests and the store may take after the drain delay.
    private static final Duration LAST_REQUESTS = Duration.ofSeconds(20);
    private static final Duration MIN_GRACE = Duration.ofSeconds(30);

    static Workload of(ReleaseId id, String reference, Image image, Bundle bundle, ImageDeclaration declared) {
        SortedMap<String, String> labels = new TreeMap<>(image.labels());
        labels.keySet().retainAll(ReleaseLayer.DIGEST_LABELS);
        return new Workload(
                id,
                AppNames.app(image, reference),
                reference,
                labels,
                bundle.env(),
                bundle.variables(),
                port(bundle, declared),
                declared.portVariable(),
                declared.livePath(),
                declared.readyPath(),
                image.user(),
                image.volumes(),
                declared.keepsData(bundle.settings()),
                declared.drain().or(() -> declared.drainKey().flatMap(bundle::duration)));
    }

    private static Optional<Integer> port(Bundle bundle, ImageDeclaration declared) {
        return Optional.ofNullable(bundle.env().get(declared.portVariable()))
                .filter(text -> text.matches("[1-9][0-9]{0,4}"))
                .map(Integer::valueOf);
    }

    /** {@return how long a platform waits between telling the process to end and killing it, in whole seconds} */
    long graceSeconds() {
        Duration asked = drain.orElse(Duration.ZERO).plus(LAST_REQUESTS).plusMillis(999);
        return (asked.compareTo(MIN_GRACE) < 0 ? MIN_GRACE : asked).toSeconds();
    }
}
