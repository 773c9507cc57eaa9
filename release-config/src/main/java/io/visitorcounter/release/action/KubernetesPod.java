package io.visitorcounter.release.action;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.EnvVarBuilder;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.LabelSelector;
import io.fabric8.kubernetes.api.model.LabelSelectorBuilder;
import io.fabric8.kubernetes.api.model.PodSecurityContext;
import io.fabric8.kubernetes.api.model.PodSecurityContextBuilder;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.PodSpecBuilder;
import io.fabric8.kubernetes.api.model.Probe;
import io.fabric8.kubernetes.api.model.ProbeBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ResourceRequirements;
import io.fabric8.kubernetes.api.model.ResourceRequirementsBuilder;
import io.fabric8.kubernetes.api.model.SecurityContext;
import io.fabric8.kubernetes.api.model.SecurityContextBuilder;
import io.fabric8.kubernetes.api.model.TopologySpreadConstraint;
import io.fabric8.kubernetes.api.model.TopologySpreadConstraintBuilder;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeBuilder;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.fabric8.kubernetes.api.model.VolumeMountBuilder;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/** One process of a workload in Kubernetes: its container, locked in, with its probes and its volumes. */
final class KubernetesPod {

    /** What its port is called, by its probes and by a Service. */
    static final String PORT = "http";

    private static final String SCRATCH_VOLUME = "tmp";
    private static final Quantity SCRATCH_SIZE = new Quantity("64Mi");

    private final Workload workload;
    private final Manifest.Scale scale;

    KubernetesPod(Workload workload, Manifest.Scale scale) {
        this.workload = workload;
        this.scale = scale;
    }

    /** {@return the labels that it is found by} A Deployment's selector can't be changed: another environment's is
     *  refused there, rather than put in its place. */
    SortedMap<String, String> labels() {
        SortedMap<String, String> labels = new TreeMap<>();
        labels.put("app.kubernetes.io/name", workload.name());
        labels.put("app.kubernetes.io/instance", workload.id().environment().name());
        return labels;
    }

    /** {@return what finds it} */
    LabelSelector selector() {
        return new LabelSelectorBuilder().withMatchLabels(labels()).build();
    }

    /** {@return whether what is in its volumes outlives it} */
    boolean isKept() {
        return scale.storage().isPresent() && !workload.volumes().isEmpty();
    }

    /** {@return the claim that it mounts there, if it is kept} */
    String claimName(String folder) {
        return workload.name() + "-" + Workload.volumeName(folder);
    }

    PodSpec spec() {
        PodSpecBuilder pod = new PodSpecBuilder()
                // Nothing from the platform's surroundings: no token, no variable for every service of the namespace.
                .withAutomountServiceAccountToken(false)
                .withEnableServiceLinks(false)
                .withTerminationGracePeriodSeconds(workload.graceSeconds())
                .withSecurityContext(podSecurity())
                .withContainers(container())
                .withVolumes(volumes());
        if (scale.replicas() > 1) {
            pod.withTopologySpreadConstraints(overNodes());
        }
        return pod.build();
    }

    private PodSecurityContext podSecurity() {
        var security = new PodSecurityContextBuilder()
                .withNewSeccompProfile()
                .withType("RuntimeDefault")
                .endSeccompProfile();
        workload.user().ifPresent(user -> {
            security.withRunAsNonRoot(true).withRunAsUser(user.user());
            user.group().ifPresent(security::withRunAsGroup);
            // The volumes are its own to write.
            security.withFsGroup(user.group().orElse(user.user())).withFsGroupChangePolicy("OnRootMismatch");
        });
        return security.build();
    }

    private TopologySpreadConstraint overNodes() {
        return new TopologySpreadConstraintBuilder()
                .withMaxSkew(1)
                .withTopologyKey("kubernetes.io/hostname")
                .withWhenUnsatisfiable("ScheduleAnyway")
                .withLabelSelector(selector())
                .build();
    }

    private Container container() {
        ContainerBuilder container = new ContainerBuilder()
                .withName(workload.name())
                .withImage(workload.image())
                .withEnv(env())
                .withResources(resources())
                .withSecurityContext(containerSecurity())
                .withVolumeMounts(mounts());
        workload.port()
                .ifPresent(port -> container
                        .addNewPort()
                        .withName(PORT)
                        .withContainerPort(port)
                        .withProtocol("TCP")
                        .endPort()
                        .withStartupProbe(probe("/health/live", 1, 120))
                        .withLivenessProbe(probe("/health/live", 10, 3))
                        .withReadinessProbe(probe("/health/ready", 2, 2)));
        return container.build();
    }

    private List<EnvVar> env() {
        List<EnvVar> env = new ArrayList<>();
        env.add(variable("RELEASE", workload.id().toString()));
        // Kubernetes reads $(NAME) as a variable.
        workload.env().forEach((name, value) -> env.add(variable(name, value.replace("$(", "$$("))));
        workload.secrets().forEach(name -> env.add(secret(name)));
        return env;
    }

    private static EnvVar variable(String name, String value) {
        return new EnvVarBuilder().withName(name).withValue(value).build();
    }

    private EnvVar secret(String name) {
        return new EnvVarBuilder()
                .withName(name)
                .withNewValueFrom()
                .withNewSecretKeyRef()
                .withName(workload.name())
                .withKey(name)
                .endSecretKeyRef()
                .endValueFrom()
                .build();
    }

    private static Probe probe(String path, int seconds, int failures) {
        return new ProbeBuilder()
                .withNewHttpGet()
                .withPath(path)
                .withPort(new IntOrString(PORT))
                .endHttpGet()
                .withPeriodSeconds(seconds)
                .withTimeoutSeconds(2)
                .withFailureThreshold(failures)
                .build();
    }

    private ResourceRequirements resources() {
        Quantity memory = new Quantity(scale.memory() + "Mi");
        return new ResourceRequirementsBuilder()
                .addToRequests("cpu", new Quantity("100m"))
                .addToRequests("memory", memory)
                // No limit of the processor: it would slow a start and every burst, even where the node is idle.
                .addToLimits("memory", memory)
                .build();
    }

    private static SecurityContext containerSecurity() {
        return new SecurityContextBuilder()
                .withAllowPrivilegeEscalation(false)
                .withReadOnlyRootFilesystem(true)
                .withNewCapabilities()
                .withDrop("ALL")
                .endCapabilities()
                .build();
    }

    private List<VolumeMount> mounts() {
        List<VolumeMount> mounts = new ArrayList<>();
        if (hasScratch()) {
            mounts.add(mount(SCRATCH_VOLUME, Workload.SCRATCH));
        }
        workload.volumes().forEach(folder -> mounts.add(mount(volumeName(folder), folder)));
        return mounts;
    }

    private static VolumeMount mount(String volume, String folder) {
        return new VolumeMountBuilder().withName(volume).withMountPath(folder).build();
    }

    private List<Volume> volumes() {
        List<Volume> volumes = new ArrayList<>();
        if (hasScratch()) {
            volumes.add(new VolumeBuilder()
                    .withName(SCRATCH_VOLUME)
                    .withNewEmptyDir()
                    .withSizeLimit(SCRATCH_SIZE)
                    .endEmptyDir()
                    .build());
        }
        workload.volumes().forEach(folder -> volumes.add(volume(folder)));
        return volumes;
    }

    private Volume volume(String folder) {
        VolumeBuilder volume = new VolumeBuilder().withName(volumeName(folder));
        if (isKept()) {
            volume.withNewPersistentVolumeClaim()
                    .withClaimName(claimName(folder))
                    .endPersistentVolumeClaim();
        } else {
            volume.withNewEmptyDir().endEmptyDir();
        }
        return volume.build();
    }

    private boolean hasScratch() {
        return !workload.volumes().contains(Workload.SCRATCH);
    }

    private static String volumeName(String folder) {
        return "data-" + Workload.volumeName(folder);
    }
}
