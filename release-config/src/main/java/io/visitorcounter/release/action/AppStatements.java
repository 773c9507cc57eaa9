package io.visitorcounter.release.action;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.visitorcounter.release.Digest;
import io.visitorcounter.release.ReleaseException;
import io.visitorcounter.release.image.ImageStore;
import io.visitorcounter.release.image.Referrer;
import io.visitorcounter.release.ledger.LedgerLayout;
import io.visitorcounter.release.trust.AllowedSigner;
import io.visitorcounter.release.trust.AllowedSigners;
import io.visitorcounter.release.trust.StatementBundle;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Statements about an app image, signed by signers that this site trusts, as {@code attest} attaches them. A signed
 *  release keeps each as a file next to its entry, so that they survive a clean-up of the registry and travel with the
 *  release. */
final class AppStatements {

    // An exported file has room for 4 MiB of the files next to the entry, in base64.
    private static final int MAX_KEPT_BYTES = 3 << 19;

    private final Workspace workspace;
    private final ImageStore.Stored app;
    private final SortedMap<String, byte[]> known;
    private @Nullable Background<List<byte[]>> attached;

    /** Sends no request yet.
     *
     *  @param workspace images and signers
     *  @param app the app image
     *  @param known the statements of an earlier release of the same build, bytes by file name */
    AppStatements(Workspace workspace, ImageStore.Stored app, SortedMap<String, byte[]> known) {
        this.workspace = workspace;
        this.app = app;
        this.known = known;
    }

    ImageStore.Stored app() {
        return app;
    }

    /** Begins to fetch what is attached to the app image in the registry, except what is known.
     *
     *  @return the pending fetch, the same at each call */
    synchronized Background<List<byte[]>> begin() {
        Background<List<byte[]>> begun = attached;
        if (begun == null) {
            begun = Background.start(
                    "said",
                    () -> workspace
                            .images()
                            .attached(app.name(), app.image(), StatementBundle.MEDIA_TYPE, referrers(known)));
            attached = begun;
        }
        return begun;
    }

    /** {@return every bundle about the app image that is known or attached, whoever made it}
     *
     *  @throws ReleaseException.VerificationFailed if the registry has too many, or their bytes do not match their
     *      digests */
    List<byte[]> all() {
        return Stream.concat(known.values().stream(), begin().get().stream()).toList();
    }

    /** {@return what is attached to an app image and may be kept, bytes by file name; only what a known signer vouches
     *  for}
     *
     *  @param at the time by which keys are judged */
    SortedMap<String, byte[]> kept(Instant at) {
        SortedMap<String, byte[]> found = new TreeMap<>(known);
        AllowedSigners signers = workspace.signing().signers();
        long kept = found.values().stream().mapToLong(bytes -> bytes.length).sum();
        for (byte[] bytes : readable()) {
            String name = LedgerLayout.appStatement(Digest.of(bytes));
            if (!found.containsKey(name)
                    && kept + bytes.length <= MAX_KEPT_BYTES
                    && fault(name, bytes, app.image().digest(), signers, Optional.of(at))
                            .isEmpty()) {
                found.put(name, bytes);
                kept += bytes.length;
            }
        }
        return found;
    }

    // Anyone who may push can attach something unreadable; that must not prevent a release.
    private List<byte[]> readable() {
        try {
            return all();
        } catch (ReleaseException.VerificationFailed unreadable) {
            return List.of();
        }
    }

    /** {@return why a file is not such a statement; empty if it is one}
     *
     *  @param at when its key must be valid; empty: that was checked when it was kept */
    static Optional<String> fault(String name, byte[] bytes, Digest app, AllowedSigners signers, Optional<Instant> at) {
        if (!name.equals(LedgerLayout.appStatement(Digest.of(bytes)))) {
            return Optional.of("expected the name " + LedgerLayout.appStatement(Digest.of(bytes)));
        }
        try {
            StatementBundle bundle = StatementBundle.read(name, bytes);
            Optional<String> unsigned = signers.fault(bundle);
            if (unsigned.isPresent()) {
                return unsigned;
            }
            List<AllowedSigner> lines = signers.of(bundle);
            if (lines.stream()
                    .noneMatch(line -> line.isFor(StatementBundle.NAMESPACE)
                            && at.map(line::isValidAt).orElse(true))) {
                return Optional.of("by " + lines.get(0).label() + ", who may not sign it");
            }
            return BuildProof.isAbout(bundle.statement(name), app)
                    ? Optional.empty()
                    : Optional.of("the statement is about something else than the app image");
        } catch (ReleaseException.VerificationFailed e) {
            return Optional.of(String.join("; ", e.faults()));
        }
    }

    /** {@return what refers to the app image of a release}
     *
     *  @param files the files next to the entry, bytes by file name */
    static List<Referrer> referrers(SortedMap<String, byte[]> files) {
        List<Referrer> referrers = new ArrayList<>();
        boolean hasBill = false;
        for (var file : files.entrySet()) {
            if (LedgerLayout.isAppStatement(file.getKey())) {
                ObjectNode statement =
                        StatementBundle.read(file.getKey(), file.getValue()).statement(file.getKey());
                String type = statement.path("predicateType").asText();
                hasBill |= Attest.isBillOfMaterials(type);
                referrers.add(ImageStatements.bundle(type, type, file.getValue()));
            }
        }
        byte[] bill = files.get(LedgerLayout.SBOM);
        if (hasBill && bill != null) {
            // Attached both ways, as some readers look only for the plain one.
            BillOfMaterials.type(bill)
                    .ifPresent(type -> referrers.add(new Referrer(type, type, new TreeMap<>(), bill)));
        }
        return referrers;
    }
}
