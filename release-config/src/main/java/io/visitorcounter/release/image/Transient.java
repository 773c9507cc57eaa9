package io.visitorcounter.release.image;

import io.visitorcounter.release.ReleaseException;
import java.time.Duration;
import java.util.Optional;

/** A failure that may have passed when the same is tried again. */
final class Transient extends RuntimeException {

    private final ReleaseException fault;
    private final transient Optional<Duration> after;

    /** Says what failed.
     *
     *  @param fault what is told once it was tried often enough
     *  @param after when the registry wants to be asked again; empty if it does not say */
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
