package io.visitorcounter.release.action;

import io.visitorcounter.release.Digest;
import io.visitorcounter.release.Environment;
import io.visitorcounter.release.ReleaseException;
import io.visitorcounter.release.image.Image;
import io.visitorcounter.release.image.ImageStore;
import io.visitorcounter.release.image.ReleaseArchive;
import io.visitorcounter.release.ledger.Entry;
import io.visitorcounter.release.ledger.Ledger;
import io.visitorcounter.release.ledger.LedgerLayout;
import io.visitorcounter.release.ledger.LedgerProof;
import io.visitorcounter.release.ledger.Release;
import io.visitorcounter.release.ledger.Snapshot;
import io.visitorcounter.release.trust.AllowedSigners;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Makes a release from an exported release of another ledger. It is numbered and signed here, so that rollbacks and
 *  deployments work as usual, and it names the original entry. Everything that this site has seen of the other ledger
 *  must still be in it. */
public record Import(Workspace workspace) {

    /** What is asked for.
     *
     *  @param file the exported one
     *  @param images where the images go: a folder, or a registry's host and name; empty: the default
     *  @param trust the other ledger, if it is not known here yet
     *  @param older whether a release older than the last import is allowed
     *  @param options how */
    public record Request(
            Path file, Optional<String> images, Optional<Digest> trust, boolean older, ReleaseOptions options) {}

    /** {@return the new release, or the one that already has this content}
     *
     *  @throws ReleaseException.VerificationFailed if the file is damaged, is not a proof, is not signed as this site
     *      requires, or its ledger was rewritten since
     *  @throws ReleaseException.Refused if the ledger is unknown, the release is older than the last, or a gate is
     *      closed */
    public ActionResult run(Request request) {
        workspace.signing().begin();
        ReleaseArchive archive = ReleaseArchive.open(request.file());
        LedgerProof proof = LedgerProof.read(request.file() + ": ledger", archive.proof());
        Release outside = proof.release();
        Environment environment = outside.id().environment();
        Outsider outsider = new Outsider(proof);
        Image app = archive.image(outside.app())
                .orElseThrow(() -> new ReleaseException.VerificationFailed(
                        request.file() + ": expected the app image " + outside.app() + ", got none"));
        outsider.requireImages(archive.release(), app);
        AllowedSigners signers = workspace.signing().signers();
        List<String> unsigned = outsider.signatureFaults(signers);
        if (!unsigned.isEmpty()) {
            throw new ReleaseException.VerificationFailed(unsigned);
        }
        Snapshot now = workspace.ledger().readOrEmpty();
        known(request, proof, now);
        Optional<Release> same = same(now, proof);
        if (same.isPresent()) {
            return new ActionResult.Unchanged(same.get());
        }
        Gates gates = new Gates(workspace, environment, EnvironmentPolicy.required(workspace, environment));
        gates.notFrozen(now);
        String tag = outsider.layer(archive.release(), app).tagOf(archive.release());
        ImageStore.Taken taken = workspace.images().names(request.images(), archive.release(), app, tag);
        Instant at = workspace.now(now);
        gates.proof(
                outsider.build(),
                new AppStatements(workspace, new ImageStore.Stored(taken.app(), app), new TreeMap<>()),
                at);
        Release.Content content = content(outside, taken);
        if (request.options().dryRun()) {
            return new ActionResult.Predicted(
                    entry(now, proof, content, request),
                    List.of(),
                    gates.wouldSign(at),
                    gates.approvals(now, content, at));
        }
        Optional<Signing.Own> signer = gates.signer(at);
        gates.approved(now, content, at, signer);
        gates.confirmed(request.options().confirmation());
        ImageStore images = workspace.images();
        images.take(request.images(), archive, app, tag);
        if (workspace.signing().attaches()) {
            SortedMap<String, byte[]> statements = outsider.statements(signers);
            images.attach(
                    taken.release(), archive.release(), ImageStatements.referrers(statements, proof.endorsements()));
            images.attach(taken.app(), app, ImageStatements.ofApp(statements));
        }
        SortedMap<String, byte[]> files = outsider.besideEntry(archive.release(), app, signers);
        files.put(LedgerLayout.ORIGIN + "/" + LedgerLayout.ORIGIN_PROOF, archive.proof());
        return workspace
                .ledger()
                .append(history -> {
                    known(request, proof, history);
                    if (same(history, proof).isPresent()) {
                        return Optional.empty();
                    }
                    gates.notFrozen(history);
                    Release entry = entry(history, proof, content, request);
                    Optional<Signing.Own> own = gates.signer(entry.at());
                    gates.approved(history, content, entry.at(), own);
                    return Optional.of(new Ledger.Draft(entry, files).signedBy(own));
                })
                .<ActionResult>map(
                        entry -> new ActionResult.Released((Release) entry, List.of(), signer.map(Signing.Own::label)))
                .orElseGet(() -> new ActionResult.Unchanged(
                        workspace.ledger().read().last(environment).orElseThrow()));
    }

    /** Throws unless the other ledger is the one that this site knows, has everything seen of it before, and has
     *  continued. */
    private void known(Request request, LedgerProof proof, Snapshot now) {
        notDatedBack(request, proof, proof);
        Environment environment = proof.release().environment();
        boolean isKnown = false;
        Optional<RecordedRelease> last = Optional.empty();
        // One chain has all environments, so it must also contain what was imported from it for the others.
        for (Release each : all(now)) {
            Optional<Release.Outside> seen =
                    each.outside().filter(from -> from.ledger().equals(proof.ledger()));
            if (seen.isPresent()) {
                isKnown = true;
                RecordedRelease recorded = new RecordedRelease(now, each);
                LedgerProof before = LedgerProof.read(each.id().label(), recorded.outsideProof());
                proof.difference(before).ifPresent(entry -> {
                    throw new ReleaseException.VerificationFailed(request.file() + ": the ledger "
                            + proof.ledger().shortText() + " was rewritten: entry " + entry.sequence() + ", "
                            + entry.path() + ", is another than " + each.id().label() + " came with");
                });
                notDatedBack(request, proof, before);
                if (each.environment().equals(environment)
                        && (last.isEmpty()
                                || last.get().release().outside().orElseThrow().sequence()
                                        < seen.get().sequence())) {
                    last = Optional.of(recorded);
                }
            }
        }
        if (!isKnown && !request.trust().equals(Optional.of(proof.ledger()))) {
            throw new ReleaseException.Refused(request.file() + ": from the ledger " + proof.ledger()
                    + ", which is not known here; ask whoever sent it whether that is theirs, and pass --trust-ledger "
                    + proof.ledger());
        }
        if (last.isEmpty()) {
            return;
        }
        Release.Outside newest = last.get().release().outside().orElseThrow();
        if (proof.release().sequence() < newest.sequence() && !request.older()) {
            throw new ReleaseException.Refused(
                    request.file() + ": " + proof.release().id().label()
                            + " is older than " + newest.release() + ", which "
                            + last.get().id().label()
                            + " is; pass --older if that is meant");
        }
    }

    // As in our own ledger: otherwise an expired key could sign on, with a date on which it was valid.
    private static void notDatedBack(Request request, LedgerProof proof, LedgerProof seen) {
        List<Entry> before =
                Stream.concat(seen.signed().stream(), proof.signed().stream()).toList();
        for (Entry entry : proof.signed()) {
            before.stream()
                    .filter(each ->
                            each.sequence() < entry.sequence() && each.at().isAfter(entry.at()))
                    .findFirst()
                    .ifPresent(newer -> {
                        throw new ReleaseException.VerificationFailed(request.file() + ": outside "
                                + EntrySignature.label(entry) + ": " + EntryOrder.datedBack(entry, newer));
                    });
        }
    }

    private static List<Release> all(Snapshot history) {
        return history.environments().stream()
                .flatMap(each -> history.history(each, Integer.MAX_VALUE).stream())
                .toList();
    }

    private static Optional<Release> same(Snapshot history, LedgerProof proof) {
        return history.last(proof.release().environment())
                .filter(last -> last.outside().equals(Optional.of(proof.outside())));
    }

    private static Release.Content content(Release outside, ImageStore.Taken taken) {
        Release.Content content = outside.content();
        return new Release.Content(
                new Release.ImageName(taken.release(), content.releaseImage().digest()),
                new Release.ImageName(taken.app(), content.appImage().digest()),
                content.bundle(),
                content.contract(),
                content.config(),
                content.sbom());
    }

    private Release entry(Snapshot history, LedgerProof proof, Release.Content content, Request request) {
        Environment environment = proof.release().environment();
        int last = history.last(environment).map(Release::number).orElse(0);
        return new Release(
                workspace.next(history, environment, last + 1, request.options().why()),
                Release.Origin.IMPORTED,
                Optional.empty(),
                content,
                Optional.of(proof.outside()));
    }
}
