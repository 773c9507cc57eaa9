package io.visitorcounter.release.cli;

import io.visitorcounter.release.ReleaseException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The exit codes, and the one for each kind of failure. */
enum ExitCode {
    DONE(0, "done, or nothing to change"),
    BUG(1, "a bug of this tool"),
    USAGE(2, "usage", ReleaseException.Usage.class),
    DIFFERENT(3, "differences, where --exit-code asks for it"),
    CONFIG(4, "config invalid, or a secret found in it", ReleaseException.ConfigInvalid.class),
    VERIFICATION(5, "verification failed", ReleaseException.VerificationFailed.class),
    CONTENTION(6, "others released or deployed first, after retries", ReleaseException.Contention.class),
    EXTERNAL(7, "registry, git, engine, file system or credentials", ReleaseException.Unreachable.class),
    POLICY(8, "policy: frozen, a gate, not promotable, not confirmed", ReleaseException.Refused.class),
    NOT_FOUND(9, "no such release, environment or image", ReleaseException.NotFound.class),
    UNHEALTHY(
            10, "did not start or become healthy; after a deploy the old one serves", ReleaseException.Unhealthy.class),
    NOT_BACKED_OUT(11, "deployed, not healthy and not backed out: wake somebody"),
    INTERRUPTED(130, "interrupted; nothing half done");

    private final int code;
    private final String means;
    private final @Nullable Class<? extends ReleaseException> failure;

    ExitCode(int code, String means) {
        this(code, means, null);
    }

    ExitCode(int code, String means, @Nullable Class<? extends ReleaseException> failure) {
        this.code = code;
        this.means = means;
        this.failure = failure;
    }

    /** {@return its word in the JSON of an error} */
    String word() {
        // It has been "world" since the first version of that JSON.
        return this == EXTERNAL ? "world" : name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    int code() {
        return code;
    }

    static List<String> table() {
        return Arrays.stream(values())
                .map(each -> " ".repeat(5 - Integer.toString(each.code).length()) + each.code + "  " + each.means)
                .toList();
    }

    static ExitCode of(ReleaseException known) {
        return Arrays.stream(values())
                .filter(each -> known.getClass().equals(each.failure))
                .findFirst()
                .orElse(EXTERNAL);
    }
}
