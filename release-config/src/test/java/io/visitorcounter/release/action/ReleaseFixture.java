package io.visitorcounter.release.action;

import io.visitorcounter.release.Digest;
import io.visitorcounter.release.Environment;
import io.visitorcounter.release.ledger.Entry;
import io.visitorcounter.release.ledger.EntryHeader;
import io.visitorcounter.release.ledger.Release;
import java.time.Instant;
import java.util.Optional;

/** A release, and what its processes answer. */
final class ReleaseFixture {

    private static final Digest APP = Digest.of(new byte[] {1});
    private static final Digest IMAGE = Digest.of(new byte[] {2});
    private static final Digest BUNDLE = Digest.of(new byte[] {3});

    static final Release RELEASE = new Release(
            new EntryHeader(
                    9,
                    Optional.empty(),
                    new Environment("prod"),
                    7,
                    new Entry.Audit("Ada", Instant.parse("2026-11-28T10:00:00Z"), Optional.empty())),
            Release.Origin.CREATED,
            Optional.empty(),
            new Release.Content(
                    new Release.ImageName("host/app@" + IMAGE.text(), IMAGE),
                    new Release.ImageName("host/app@" + APP.text(), APP),
                    BUNDLE,
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty()));

    private ReleaseFixture() {}

    /** {@return what {@code /release} says where this release runs} */
    static String answer() {
        return "{\"environment\":\"prod\",\"version\":7,\"appDigest\":\"" + APP.text() + "\",\"bundleDigest\":\""
                + BUNDLE.text() + "\"}";
    }
}
