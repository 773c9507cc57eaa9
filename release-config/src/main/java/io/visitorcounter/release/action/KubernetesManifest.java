package io.visitorcounter.release.action;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaimBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentBuilder;
import io.fabric8.kubernetes.api.model.apps.DeploymentStrategy;
import io.fabric8.kubernetes.api.model.apps.DeploymentStrategyBuilder;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudgetBuilder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** A workload for Kubernetes: a Deployment, and what goes with it. One environment, one namespace. The fields of each
 *  object are in the order in which Kubernetes itself prints them. */
final class KubernetesManifest {

    // Kubernetes tells the process to end and the load balancers to leave it out at the same time.
    private static final int MIN_DRAIN_SECONDS = 5;

    private static final JsonMapper MAPPER = new JsonMapper();

    private final Workload workload;
    private final Manifest.Scale scale;
    private final KubernetesPod pod;

    KubernetesManifest(Workload workload, Manifest.Scale scale) {
        this.workload = workload;
        this.scale = scale;
        this.pod = new KubernetesPod(workload, scale);
    }

    /** {@return the documents, in the order in which they are applied} */
    List<ObjectNode> documents() {
        List<HasMetadata> documents = new ArrayList<>();
        scale.storage().ifPresent(size -> workload.volumes().forEach(folder -> documents.add(claim(folder, size))));
        documents.add(deployment());
        workload.port().ifPresent(port -> documents.add(service()));
        if (scale.replicas() > 1) {
            documents.add(disruptionBudget());
        }
        return documents.stream().<ObjectNode>map(MAPPER::valueToTree).toList();
    }

    /** {@return warnings: valid, but probably a mistake} */
    List<String> warnings() {
        List<String> warnings = new ArrayList<>();
        if (scale.storage().isEmpty()) {
            workload.volumes()
                    .forEach(folder -> warnings.add(
                            folder + " begins empty in every pod and ends with it; --storage 1Gi keeps what is in it"));
        }
        if (workload.port().isPresent() && workload.drain().toSeconds() < MIN_DRAIN_SECONDS) {
            warnings.add("http.drain-delay is under " + MIN_DRAIN_SECONDS
                    + " s: requests may still come to a pod that has ended");
        }
        if (workload.user().isEmpty()) {
            warnings.add("the image names no user by number, or root: its pods may run as root");
        }
        return warnings;
    }

    private Deployment deployment() {
        return new DeploymentBuilder()
                .withMetadata(named(workload.name()).withAnnotations(deployed()).build())
                .withNewSpec()
                .withReplicas(scale.replicas())
                .withSelector(pod.selector())
                .withStrategy(strategy())
                .withNewTemplate()
                .withNewMetadata()
                .withLabels(labels())
                .withAnnotations(workload.labels())
                .endMetadata()
                .withSpec(pod.spec())
                .endTemplate()
                .endSpec()
                .build();
    }

    private Map<String, String> deployed() {
        SortedMap<String, String> notes = new TreeMap<>(workload.labels());
        // kubectl rollout history shows it.
        notes.put("kubernetes.io/change-cause", workload.id().toString());
        return notes;
    }

    private DeploymentStrategy strategy() {
        if (pod.isKept()) {
            // Two pods would not have the volume at once.
            return new DeploymentStrategyBuilder().withType("Recreate").build();
        }
        return new DeploymentStrategyBuilder()
                .withType("RollingUpdate")
                .withNewRollingUpdate()
                .withMaxUnavailable(new IntOrString(0))
                .withMaxSurge(new IntOrString(1))
                .endRollingUpdate()
                .build();
    }

    private PersistentVolumeClaim claim(String folder, String size) {
        return new PersistentVolumeClaimBuilder()
                .withMetadata(named(pod.claimName(folder)).build())
                .withNewSpec()
                .withAccessModes("ReadWriteOnce")
                .withNewResources()
                .addToRequests("storage", new Quantity(size))
                .endResources()
                .endSpec()
                .build();
    }

    private Service service() {
        return new ServiceBuilder()
                .withMetadata(named(workload.name()).build())
                .withNewSpec()
                .withType("ClusterIP")
                .withSelector(pod.labels())
                .addNewPort()
                .withName(KubernetesPod.PORT)
                .withPort(80)
                .withProtocol("TCP")
                .withTargetPort(new IntOrString(KubernetesPod.PORT))
                .endPort()
                .endSpec()
                .build();
    }

    private PodDisruptionBudget disruptionBudget() {
        return new PodDisruptionBudgetBuilder()
                .withMetadata(named(workload.name()).build())
                .withNewSpec()
                .withMaxUnavailable(new IntOrString(1))
                .withSelector(pod.selector())
                .endSpec()
                .build();
    }

    private ObjectMetaBuilder named(String name) {
        return new ObjectMetaBuilder().withName(name).withLabels(labels());
    }

    private Map<String, String> labels() {
        SortedMap<String, String> labels = pod.labels();
        labels.put("app.kubernetes.io/version", "v" + workload.id().version());
        labels.put("app.kubernetes.io/managed-by", "release");
        return labels;
    }
}
