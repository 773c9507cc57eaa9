package io.visitorcounter.release.cli;

import io.visitorcounter.release.ReleaseException;
import java.util.List;
import java.util.Locale;

/** The exit codes, and the one for each kind of failure. */
enum ExitCode {
    DONE(0, "done, or nothing to change"),
    BUG(1, "a bug of this tool"),
    USAGE(2, "usage"),
    DIFFERENT(3, "differences, where --exit-code asks for it"),
    CONFIG(4, "config invalid, or a secret found in it"),
    VERIFICATION(5, "verification failed"),
    CONTENTION(6, "others released or deployed first, after retries"),
    EXTERNAL(7, "registry, git, engine, file system or credentials"),
    POLICY(8, "policy: frozen, a gate, not promotable, not confirmed"),
    NOT_FOUND(9, "no such release, environment or image"),
    UNHEALTHY(10, "did not start or become healthy; after a deploy the old one serves"),
    NOT_BACKED_OUT(11, "deployed, not healthy and not backed out: wake somebody"),
    INTERRUPTED(130, "interrupted; nothing half done");

    private final int code;
    private final String means;

    ExitCode(int code, String means) {
        this.code = code;
        this.means = means;
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
        return java.util.Arrays.stream(values())
                .map(each -> " ".repeat(5 - Integer.toString(each.code).length()) + each.code + "  " + each.means)
                .toList();
    }

    static ExitCode of(ReleaseException failure) {
        if (failure instanceof ReleaseException.Usage) {
            return USAGE;
        } else if (failure instanceof ReleaseException.ConfigInvalid) {
            return CONFIG;
        } else if (failure instanceof ReleaseException.VerificationFailed) {
            return VERIFICATION;
        } else if (failure instanceof ReleaseException.Contention) {
            return CONTENTION;
        } else if (failure instanceof ReleaseException.Refused) {
            return POLICY;
        } else if (failure instanceof ReleaseException.NotFound) {
            return NOT_FOUND;
        } else if (failure instanceof ReleaseException.Unhealthy) {
            return UNHEALTHY;
        }
        return EXTERNAL;
    }
}
