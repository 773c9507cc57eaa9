package io.visitorcounter.release.action;

import io.visitorcounter.release.Digest;
import io.visitorcounter.release.Environment;
import io.visitorcounter.release.ReleaseException;
import io.visitorcounter.release.Scratch;
import io.visitorcounter.release.image.ImageStore;
import io.visitorcounter.release.image.Referrer;
import io.visitorcounter.release.image.ReleaseArchive;
import io.visitorcounter.release.ledger.HashChain;
import io.visitorcounter.release.ledger.LedgerProof;
import io.visitorcounter.release.ledger.Release;
import io.visitorcounter.release.ledger.Snapshot;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** Writes a release into one file, with everything that proves it. An imported release is passed on with the proof that
 *  it came with. */
public record Export(Workspace workspace) {

    // The limit of the image reader for one JSON file.
    private static final int MAX_PROOF_BYTES = 4 << 20;

    /** What was written.
     *
     *  @param release which one
     *  @param digest of the file
     *  @param bytes of the file */
    public record Exported(Release release, Digest digest, long bytes) {}

    /** {@return what was written}
     *
     *  @param version which one; empty: the newest
     *  @param file a new file
     *  @param against an older release of the same environment that the receiver already has; empty: none
     *  @throws ReleaseException.NotFound if there is no such release
     *  @throws ReleaseException.VerificationFailed if the chain is broken, or a layer does not match its digest
     *  @throws ReleaseException.Usage if the file already exists */
    public Exported run(Environment environment, Optional<Integer> version, Path file, Optional<Integer> against) {
        Snapshot history = workspace.ledger().read();
        RecordedRelease recorded = RecordedRelease.resolve(history, environment, version);
        if (Files.exists(file)) {
            throw new ReleaseException.Usage(
                    file + ": expected a new file, got one that is there; delete it, or name another");
        }
        HashChain chain = HashChain.walk(history);
        if (!chain.faults().isEmpty()) {
            throw new ReleaseException.VerificationFailed(chain.faults());
        }
        byte[] proof = recorded.release().outside().isPresent()
                ? recorded.outsideProof()
                : LedgerProof.write(history, chain.entries(), recorded.release());
        if (proof.length > MAX_PROOF_BYTES) {
            throw new ReleaseException.Usage(recorded.id().label() + ": expected a chain of at most " + MAX_PROOF_BYTES
                    + " bytes, which a file can carry, got " + proof.length);
        }
        LedgerProof origin = LedgerProof.read(recorded.id().label(), proof);
        List<Referrer> ofRelease =
                new ArrayList<>(ImageStatements.referrers(origin.statements(), origin.endorsements()));
        ofRelease.add(new Referrer("proof", ReleaseArchive.PROOF_TYPE, new TreeMap<>(), proof));
        Release release = recorded.release();
        ImageStore.Stored image =
                new ImageStore.Stored(release.content().releaseImage().name(), recorded.image());
        Set<Digest> without = new HashSet<>();
        against.ifPresent(there -> {
            RecordedRelease older = RecordedRelease.resolve(history, environment, Optional.of(there));
            older.image().layers().forEach(layer -> without.add(layer.digest()));
        });
        String name = origin.release().id().toString().replace('@', '-');
        Path folder = Optional.ofNullable(file.toAbsolutePath().getParent()).orElseGet(() -> Path.of("/"));
        try (Scratch scratch = Scratch.in(folder)) {
            Path written = scratch.resolve("release.tar");
            ReleaseArchive.write(
                    written,
                    name,
                    workspace.images(),
                    image,
                    recorded.storedApp(),
                    ofRelease,
                    ImageStatements.ofApp(origin.statements()),
                    without);
            Exported exported = new Exported(release, Digest.of(written), Files.size(written));
            Files.move(written, file, StandardCopyOption.ATOMIC_MOVE);
            return exported;
        } catch (IOException e) {
            throw new ReleaseException.Unreachable(file + ": can't be written: " + ReleaseException.reason(e), e);
        }
    }
}
