package io.visitorcounter.release.action;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.visitorcounter.release.Environment;
import io.visitorcounter.release.ReleaseException;
import io.visitorcounter.release.image.ImageDeclaration;
import io.visitorcounter.release.image.Registry;
import io.visitorcounter.release.ledger.Release;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** A manifest that tells a platform what to run: a release by digest, its number, and where its secrets come from. */
public record Manifest(Workspace workspace) {

    /** The supported platforms. */
    public enum Form {
        /** A Deployment, and its other objects. */
        KUBERNETES,
        /** A Compose file of one service. */
        COMPOSE,
        /** A stack file for Docker Swarm. */
        SWARM
    }

    /** The scale, and the pace of replacement.
     *
     *  @param replicas how many processes; empty: the platform's autoscaler decides
     *  @param memory the limit of each, in MiB
     *  @param storage the size of its volume, as Kubernetes writes it: {@code 1Gi}; empty: no volume there
     *  @param publish the address that Compose publishes the port at
     *  @param soak how long a process must be ready before the next one is replaced, in whole seconds
     *  @param timeout how long the whole rollout may take before it counts as failed, in whole seconds */
    public record Scale(
            Optional<Integer> replicas,
            int memory,
            Optional<String> storage,
            String publish,
            Duration soak,
            Duration timeout) {

        private static final int MIN_MEMORY = 6;
        private static final Duration MAX_SOAK = Duration.ofHours(1);
        private static final Duration MAX_TIMEOUT = Duration.ofHours(24);

        /** Checks the values. */
        public Scale {
            replicas.filter(count -> count < 0).ifPresent(count -> {
                throw new ReleaseException.Usage("release manifest: --replicas: expected 0 or more, got " + count);
            });
            if (memory < MIN_MEMORY) {
                throw new ReleaseException.Usage(
                        "release manifest: --memory: expected " + MIN_MEMORY + " or more MiB, got " + memory);
            }
            storage.filter(size -> !size.matches("[1-9][0-9]{0,9}([kMGT]|[KMGT]i)?"))
                    .ifPresent(size -> {
                        throw new ReleaseException.Usage(
                                "release manifest: --storage: expected a size such as 1Gi, got " + size);
                    });
            if (soak.isNegative() || soak.compareTo(MAX_SOAK) > 0) {
                throw new ReleaseException.Usage(
                        "release manifest: --soak: expected 0..3600 seconds, got " + soak.toSeconds());
            }
            if (timeout.compareTo(soak) <= 0 || timeout.compareTo(MAX_TIMEOUT) > 0) {
                throw new ReleaseException.Usage("release manifest: --timeout: expected more seconds than the "
                        + soak.toSeconds() + " of --soak and at most 86400, got " + timeout.toSeconds());
            }
        }

        /** {@return whether there are, or may be, several replicas} */
        boolean isMany() {
            return replicas.isEmpty() || replicas.get() > 1;
        }

        private String count() {
            return replicas.map(String::valueOf).orElse("auto");
        }
    }

    /** What is printed.
     *
     *  @param workload its name on the platform: that of the Deployment, or of the service
     *  @param documents in the order in which they are applied
     *  @param warnings what is valid, but probably a mistake */
    public record Printed(String workload, List<ObjectNode> documents, List<String> warnings) {}

    /** {@return the documents, with their warnings}
     *
     *  @param version which release; empty: the newest
     *  @param form for which platform
     *  @param scale how much of it
     *  @param said what the user declares about the image
     *  @throws ReleaseException.Refused if its image is in no registry that a platform could pull from, or a platform
     *      can't evaluate it
     *  @throws ReleaseException.Usage if the platform does not support this scale */
    public Printed run(
            Environment environment,
            Optional<Integer> version,
            Form form,
            Scale scale,
            ImageDeclaration.Overrides said) {
        RecordedRelease recorded = RecordedRelease.resolve(workspace.ledger().read(), environment, version);
        Release release = recorded.release();
        new SignedRelease(workspace, recorded.history()).require(release);
        String image = release.content().releaseImage().name();
        if (!Registry.isReference(image)) {
            throw new ReleaseException.Refused(release.id().label() + ": expected an image of a registry, got the tar "
                    + image + "; release from a registry, or run it with release run");
        }
        ImageDeclaration declared = ImageDeclaration.of(recorded.image()).with(said);
        Workload workload = Workload.of(release.id(), image, recorded.image(), recorded.bundle(), declared);
        return switch (form) {
            case KUBERNETES -> {
                refuse(
                        scale.isMany() && scale.storage().isPresent(),
                        "--storage: only one process can have it, got --replicas " + scale.count());
                refuse(
                        scale.storage().isPresent() && workload.volumes().isEmpty(),
                        "--storage: the image of " + release.id().label() + " keeps nothing");
                KubernetesManifest manifest = new KubernetesManifest(workload, scale);
                yield new Printed(workload.name(), manifest.documents(), manifest.warnings());
            }
            case COMPOSE -> {
                refuse(
                        !scale.replicas().equals(Optional.of(1)),
                        "--replicas: Compose publishes the port of one process, got " + scale.count());
                refuse(scale.storage().isPresent(), "--storage: Compose's volumes have no size; they are always kept");
                yield new Printed(workload.name(), List.of(new ComposeManifest(workload, scale).document()), List.of());
            }
            case SWARM -> {
                refuse(scale.replicas().isEmpty(), "--replicas: Swarm has no autoscaler, got auto");
                refuse(scale.storage().isPresent(), "--storage: Swarm's volumes have no size; they are always kept");
                SwarmManifest manifest = new SwarmManifest(workload, declared, scale);
                yield new Printed(workload.name(), List.of(manifest.document()), manifest.warnings());
            }
        };
    }

    private static void refuse(boolean wrong, String why) {
        if (wrong) {
            throw new ReleaseException.Usage("release manifest: " + why);
        }
    }
}
