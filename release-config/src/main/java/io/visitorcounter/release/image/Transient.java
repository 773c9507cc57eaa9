package io.visitorcounter.release.image;

import io.visitorcounter.release.ReleaseException;
import java.time.Duration;
import java.util.Optional;

/** A failure that a retry may overcome. */
final class Transient extends RuntimeException {

    private final ReleaseException fault;
    private final transient Optional<Duration> after;

    /** Takes the failure.
     *
     *  @param fault the one to report after the last try
     *  @param after the wait that the registry asked for; empty if it did not */
    Transient(ReleaseException fault, Optional<Duration> after) {
        super(fault);
        this.fault = fault;
        this.after = after;
    }

    ReleaseException fault() {
        return fault;
    }

    Optional<Duration> after() {
        return after;
    }
}
