package io.visitorcounter.release.action;

import io.visitorcounter.release.Digest;
import io.visitorcounter.release.Environment;
import io.visitorcounter.release.ReleaseException;
import io.visitorcounter.release.config.Bundle;
import io.visitorcounter.release.config.Contract;
import io.visitorcounter.release.image.Image;
import io.visitorcounter.release.image.ImageStore;
import io.visitorcounter.release.image.LayerCheck;
import io.visitorcounter.release.image.ReleaseImageCheck;
import io.visitorcounter.release.image.ReleaseLayer;
import io.visitorcounter.release.ledger.Entry;
import io.visitorcounter.release.ledger.HashChain;
import io.visitorcounter.release.ledger.LedgerLayout;
import io.visitorcounter.release.ledger.LedgerProof;
import io.visitorcounter.release.ledger.Release;
import io.visitorcounter.release.ledger.Snapshot;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** Checks the record, and on demand what is stored, against what was released. */
public final class Verify {

    private final Workspace workspace;
    private final List<String> faults = new ArrayList<>();
    private final List<String> notes = new ArrayList<>();
    private final Set<Digest> rehashed = new HashSet<>();

    /** Takes what it works on.
     *
     *  @param workspace files, ledger, images, clock and user */
    public Verify(Workspace workspace) {
        this.workspace = workspace;
    }

    /** What to check.
     *
     *  @param environment one environment's releases; empty: all
     *  @param version one of its releases; empty: all of them
     *  @param deep whether to digest every stored blob again
     *  @param reproduce whether to render the config again from the recorded commit */
    public record Request(
            Optional<Environment> environment, Optional<Integer> version, boolean deep, boolean reproduce) {}

    /** All was well.
     *
     *  @param entries how many entries the chain has
     *  @param releases those that were checked
     *  @param deployments how many entries the chain of the deployments has; 0 if it was not checked
     *  @param notes what could not be checked, and why
     *  @param signatures of what was checked, newest entry first
     *  @param vouched the newest signature, which vouches for every entry before it too; empty if there is none */
    public record Verified(
            int entries,
            List<Release> releases,
            int deployments,
            List<String> notes,
            List<EntrySignature> signatures,
            Optional<EntrySignature> vouched) {}

    /** {@return what was verified}
     *
     *  @param request what to check
     *  @throws ReleaseException.VerificationFailed with everything that is wrong
     *  @throws ReleaseException.Unreachable if nothing was wrong, but something could not be reached */
    public Verified run(Request request) {
        Snapshot history = workspace.ledger().read();
        HashChain chain = HashChain.walk(history);
        faults.addAll(chain.faults());
        List<Release> releases = chain.releases(request.environment(), request.version());
        if (releases.isEmpty() && faults.isEmpty()) {
            throw new ReleaseException.NotFound(request.environment()
                    .map(environment -> environment + ": no such release to verify")
                    .orElse(workspace.ledger() + ": no release yet to verify"));
        }
        boolean isOne = request.version().isPresent();
        Predicate<Entry> chosen = isOne
                ? releases::contains
                : entry ->
                        request.environment().map(entry.environment()::equals).orElse(true);
        SignatureWalk signatures = new SignatureWalk(workspace, history, chain.entries(), chosen, isOne);
        faults.addAll(signatures.faults());
        notes.addAll(signatures.notes());
        Optional<ReleaseException.Unreachable> unreachable = Optional.empty();
        for (Release release : releases) {
            RecordedRelease recorded = new RecordedRelease(history, release);
            Consumer<String> found = fault -> faults.add(labelled(release, fault));
            try {
                recorded(recorded, found);
                if (request.deep()) {
                    stored(recorded, found);
                }
                if (request.reproduce()) {
                    new Reproduction(workspace, recorded).faults(notes::add).forEach(found);
                }
            } catch (ReleaseException.Unreachable e) {
                // What can't be reached was not tampered with, so this is reported only if nothing is wrong.
                unreachable = Optional.of(unreachable.orElse(e));
            } catch (ReleaseException e) {
                e.faults().forEach(found);
            }
        }
        Optional<DeploymentChain> deployments = request.environment().isEmpty()
                ? Optional.of(DeploymentChain.walked(workspace, history))
                : Optional.empty();
        deployments.ifPresent(chained -> faults.addAll(chained.faults()));
        deployments.ifPresent(chained -> notes.addAll(chained.notes()));
        if (!faults.isEmpty()) {
            throw new ReleaseException.VerificationFailed(List.copyOf(faults));
        }
        if (unreachable.isPresent()) {
            throw unreachable.get();
        }
        return new Verified(
                chain.entries().size(),
                releases,
                deployments.map(DeploymentChain::entries).orElse(0),
                List.copyOf(notes),
                Stream.concat(
                                signatures.asked().stream(),
                                deployments.stream().flatMap(chained -> chained.signatures().stream()))
                        .toList(),
                signatures.newest());
    }

    private void recorded(RecordedRelease recorded, Consumer<String> found) {
        Snapshot history = recorded.history();
        Release release = recorded.release();
        Bundle bundle = recorded.bundle();
        Image app = recorded.app();
        Image image = recorded.image();
        Contract contract = recorded.contract();
        ReleaseImageCheck.faults(image, app, recorded.layer()).forEach(found);
        if (!contract.isNone() && !release.content().contract().equals(Optional.of(contract.digest()))) {
            found.accept("contract: expected the build's, " + contract.digest() + ", got "
                    + release.content().contract().map(Digest::text).orElse("none"));
        }
        contract.check(bundle).forEach(fault -> found.accept("does not obey its build's contract: " + fault));
        if (release.outside().isPresent()) {
            imported(recorded, image, app, found);
        }
        from(history, release).ifPresent(found);
        ImageStatementCheck.faults(history, release, workspace.signing().signers())
                .forEach(found);
        known(history, release, found);
    }

    /** Checks that a release comes from where it says, and that it was approved. */
    private Optional<String> from(Snapshot history, Release release) {
        Release origin = RecordedRelease.origin(history, release);
        Optional<String> otherBuild = release.origin() != Release.Origin.PROMOTED
                ? Optional.empty()
                : release.from()
                        .flatMap(history::find)
                        .filter(source -> !source.app().equals(origin.app()))
                        .map(source ->
                                "says that it is promoted from " + source.id().label() + ", which has another build");
        ApprovalGate approved = new ApprovalGate(
                history,
                workspace.signing().signers(),
                release.environment(),
                EnvironmentPolicy.required(workspace, release.environment()).approvals());
        approved.unasked(release).ifPresent(notes::add);
        return otherBuild.or(() -> approved.fault(release));
    }

    /** Checks that the proof of an imported release still shows that the other ledger has it. */
    private void imported(RecordedRelease recorded, Image image, Image app, Consumer<String> found) {
        LedgerProof proof = LedgerProof.read(
                recorded.id().label() + ": " + LedgerLayout.ORIGIN + "/" + LedgerLayout.ORIGIN_PROOF,
                recorded.outsideProof());
        Release.Outside expected = recorded.release().outside().orElseThrow();
        if (!expected.equals(proof.outside())) {
            found.accept("origin: expected " + expected.release() + " of its ledger, got another entry");
            return;
        }
        Outsider outsider = new Outsider(proof);
        outsider.requireImages(image, app);
        outsider.signatureFaults(workspace.signing().signers()).forEach(found);
    }

    /** Checks that the files next to the entry are those that this tool puts there. */
    private static void known(Snapshot history, Release release, Consumer<String> found) {
        history.images(release.id()).keySet().stream()
                .filter(name -> !LedgerLayout.isImageFile(name))
                .forEach(name -> found.accept("image/" + name + ": not a file of a release"));
        String folder = LedgerLayout.folder(release.id());
        history.files(folder + "/" + LedgerLayout.ORIGIN).keySet().stream()
                .filter(name -> !name.equals(LedgerLayout.ORIGIN_PROOF)
                        || release.outside().isEmpty())
                .forEach(name -> found.accept(LedgerLayout.ORIGIN + "/" + name + ": not a file of this release"));
        history.names(folder).stream()
                .filter(name -> !LedgerLayout.BESIDE_ENTRY.contains(name))
                .forEach(name -> found.accept(name + ": not a file of a release"));
    }

    private void stored(RecordedRelease recorded, Consumer<String> found) {
        Release release = recorded.release();
        Release.ImageName name = release.content().releaseImage();
        if (!rehashed.add(name.digest())) {
            return;
        }
        ImageStore images = workspace.images();
        Image image = images.read(name.name(), name.digest());
        LayerCheck.faults(images, name.name(), image).forEach(found);
        Image app = recorded.app();
        images.tagFault(name.name(), recorded.layer().tagOf(image), name.digest())
                .ifPresent(found);
        new ImageRestore(workspace, recorded)
                .unattached()
                .forEach(each -> found.accept(each.label()
                        + ": is not attached to the image in its registry; release repair " + release.id()
                        + " puts it back"));
        if (!images.isKept(release.content().appImage().name(), ReleaseLayer.appTag(app.digest()), app.digest())) {
            notes.add(release.id().label() + ": nothing keeps its app image for a later promotion; release repair "
                    + release.id() + " does");
        }
    }

    private static String labelled(Release release, String fault) {
        String label = release.id().label();
        return fault.startsWith(label) ? fault : label + ": " + fault;
    }
}
