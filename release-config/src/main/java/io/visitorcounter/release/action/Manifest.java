package io.visitorcounter.release.action;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.visitorcounter.release.Environment;
import io.visitorcounter.release.ReleaseException;
import io.visitorcounter.release.image.ImageDeclaration;
import io.visitorcounter.release.image.Registry;
import io.visitorcounter.release.ledger.Release;
import java.util.List;
import java.util.Optional;

/** What a platform is told to run: a release by digest, its number, and where its secrets come from. */
public final class Manifest {

    private final Workspace workspace;

    /** Sets what it works on.
     *
     *  @param workspace files, ledger, images, clock and user */
    public Manifest(Workspace workspace) {
        this.workspace = workspace;
    }

    /** The platforms whose form is known. */
    public enum Form {
        /** A Deployment, and what goes with it. */
        KUBERNETES,
        /** A Compose file of one service. */
        COMPOSE
    }

    /** How much of it.
     *
     *  @param replicas how many processes
     *  @param memory what each gets at most, in MiB
     *  @param storage the size of what it keeps, as Kubernetes writes it: {@code 1Gi}; empty: it keeps nothing there
     *  @param publish the address that Compose publishes the port at */
    public record Scale(int replicas, int memory, Optional<String> storage, String publish) {

        private static final int MIN_MEMORY = 6;

        /** Checks them. */
        public Scale {
            if (replicas < 0) {
                throw new ReleaseException.Usage("release manifest: --replicas: expected 0 or more, got " + replicas);
            }
            if (memory < MIN_MEMORY) {
                throw new ReleaseException.Usage(
                        "release manifest: --memory: expected " + MIN_MEMORY + " or more MiB, got " + memory);
            }
            storage.filter(size -> !size.matches("[1-9][0-9]{0,9}([kMGT]|[KMGT]i)?"))
                    .ifPresent(size -> {
                        throw new ReleaseException.Usage(
                                "release manifest: --storage: expected a size such as 1Gi, got " + size);
                    });
        }
    }

    /** What is printed.
     *
     *  @param documents in the order in which they are applied
     *  @param warnings what is valid, but probably a mistake */
    public record Printed(List<ObjectNode> documents, List<String> warnings) {}

    /** {@return the documents, and what is to be known of them}
     *
     *  @param environment whose
     *  @param version which release; empty: the newest
     *  @param form for which platform
     *  @param scale how much of it
     *  @param said what the user says of the image
     *  @throws ReleaseException.Refused if its image is in no registry that a platform could pull from
     *  @throws ReleaseException.Usage if the platform has no such scale */
    public Printed run(
            Environment environment,
            Optional<Integer> version,
            Form form,
            Scale scale,
            ImageDeclaration.Overrides said) {
        RecordedRelease recorded = RecordedRelease.resolve(workspace.ledger().read(), environment, version);
        Release release = recorded.release();
        String image = release.content().releaseImage().name();
        if (!Registry.isReference(image)) {
            throw new ReleaseException.Refused(release.id().label() + ": expected an image of a registry, got the tar "
                    + image + "; release from a registry, or run it with release run");
        }
        Workload workload = Workload.of(
                release.id(),
                image,
                recorded.image(),
                recorded.bundle(),
                ImageDeclaration.of(recorded.image()).with(said));
        if (form == Form.KUBERNETES) {
            refuse(
                    scale.replicas() > 1 && scale.storage().isPresent(),
                    "--storage: only one process can have it, got --replicas " + scale.replicas());
            refuse(
                    scale.storage().isPresent() && workload.volumes().isEmpty(),
                    "--storage: the image of " + release.id().label() + " keeps nothing");
            KubernetesManifest manifest = new KubernetesManifest(workload, scale);
            return new Printed(manifest.documents(), manifest.warnings());
        }
        refuse(scale.replicas() != 1, "--replicas: Compose publishes the port of one process, got " + scale.replicas());
        refuse(scale.storage().isPresent(), "--storage: Compose's volumes have no size; they are always kept");
        return new Printed(List.of(new ComposeManifest(workload, scale).document()), List.of());
    }

    private static void refuse(boolean wrong, String why) {
        if (wrong) {
            throw new ReleaseException.Usage("release manifest: " + why);
        }
    }
}
