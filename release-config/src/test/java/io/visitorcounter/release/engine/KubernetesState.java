package io.visitorcounter.release.engine;

import com.fasterxml.jackson.databind.JsonNode;
import io.visitorcounter.release.CanonicalJson;
import io.visitorcounter.release.Digest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** States of a Deployment of two replicas, its ReplicaSets and its pods, in the words of a real API server. */
final class KubernetesState {

    static final Digest OLD = Digest.of(new byte[] {1});
    static final Digest NEW = Digest.of(new byte[] {2});

    static final Rollout ROLLOUT = new Rollout(7, "app", NEW, """
            apiVersion: "apps/v1"
            kind: "Deployment"
            metadata:
              name: "app"
            spec:
              replicas: 2
              selector:
                matchLabels:
                  name: "app"
                  instance: "prod"
              template:
                spec:
                  containers:
                    - name: "app"
                      env:
                        - name: "PASSWORD"
                          valueFrom:
                            secretKeyRef:
                              key: "PASSWORD"
                              name: "app"
            ---
            apiVersion: "v1"
            kind: "Service"
            metadata:
              name: "app"
            """, Optional.of(2), Duration.ofMinutes(5));

    private final StringBuilder items = new StringBuilder();
    private String beside = "";
    private String initial = "";

    private KubernetesState() {}

    /** A Deployment at generation 3 whose ReplicaSet is app-2; app-1 was before.
     *
     *  @param observed the generation that its controller has seen
     *  @param available how many of its pods are
     *  @param conditions in JSON */
    static KubernetesState of(int observed, int available, String conditions) {
        KubernetesState state = new KubernetesState();
        state.items.append("""
                {"kind":"Deployment","metadata":{"name":"app","uid":"d","generation":3,"resourceVersion":"99",
                "annotations":{"deployment.kubernetes.io/revision":"2","io.visitorcounter.deployment":"7"}},
                "spec":{"replicas":2},"status":{"observedGeneration":%d,"replicas":2,"updatedReplicas":2,
                "availableReplicas":%d,"conditions":[%s]}},
                {"kind":"ReplicaSet","metadata":{"name":"app-1","ownerReferences":[{"uid":"d"}],
                "annotations":{"deployment.kubernetes.io/revision":"1"}}},
                {"kind":"ReplicaSet","metadata":{"name":"app-2","ownerReferences":[{"uid":"d"}],
                "annotations":{"deployment.kubernetes.io/revision":"2"}}}""".formatted(observed, available, conditions));
        return state;
    }

    static KubernetesState done() {
        return of(3, 2, progressing("NewReplicaSetAvailable"));
    }

    static String progressing(String reason) {
        return "{\"type\":\"Progressing\",\"status\":\"True\",\"reason\":\"" + reason + "\",\"message\":\"m\"}";
    }

    /** A pod.
     *
     *  @param replicaSet its owner
     *  @param image which its node runs; null where it has not started
     *  @param more fields of its metadata, each with a comma before
     *  @param container fields of its container's status, each with a comma before */
    KubernetesState pod(String replicaSet, @Nullable Digest image, boolean ready, String more, String container) {
        items.append("""
                ,{"kind":"Pod","metadata":{"name":"%s-x","ownerReferences":[{"name":"%s"}]%s},
                "status":{"phase":"Running","conditions":[{"type":"Ready","status":"%s"}],
                "initContainerStatuses":[%s],"containerStatuses":[%s{"name":"app","imageID":"%s"%s}]}}""".formatted(
                        replicaSet,
                        replicaSet,
                        more,
                        ready ? "True" : "False",
                        initial,
                        beside,
                        image == null ? "" : "docker-pullable://host/app@" + image.text(),
                        container));
        return this;
    }

    /** Gives all later pods another container before theirs.
     *
     *  @param status of it, in JSON */
    KubernetesState beside(String status) {
        beside = status + ",";
        return this;
    }

    /** Gives all later pods one that has to end first. */
    KubernetesState initial(String status) {
        initial = status;
        return this;
    }

    KubernetesState paused() {
        int spec = items.indexOf("\"spec\":{");
        items.insert(spec + "\"spec\":{".length(), "\"paused\":true,");
        return this;
    }

    KubernetesState fresh() {
        return pod("app-2", NEW, true, "", ",\"restartCount\":0");
    }

    /** A pod that its node threw out: its process is gone, and the pod stays listed. */
    KubernetesState evicted() {
        items.append(",{\"kind\":\"Pod\",\"metadata\":{\"name\":\"app-1-e\"},\"status\":{\"phase\":\"Failed\"}}");
        return this;
    }

    KubernetesState old() {
        return pod("app-1", OLD, true, "", "");
    }

    /** A new pod that waits.
     *
     *  @param reason as the kubelet says it
     *  @param more fields of its container's status, each with a comma before */
    KubernetesState waiting(String reason, String message, String more) {
        return pod(
                "app-2",
                null,
                false,
                "",
                ",\"state\":{\"waiting\":{\"reason\":\"" + reason + "\",\"message\":\"" + message + "\"}}" + more);
    }

    String json() {
        return "{\"kind\":\"List\",\"items\":[" + items + "]}";
    }

    Look look() {
        try {
            JsonNode list = CanonicalJson.read(json().getBytes(StandardCharsets.UTF_8));
            return KubernetesLook.of(list.path("items"), ROLLOUT);
        } catch (IOException e) {
            throw new IllegalArgumentException(json(), e);
        }
    }
}
