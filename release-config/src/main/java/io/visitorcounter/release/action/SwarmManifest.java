package io.visitorcounter.release.action;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.visitorcounter.release.CanonicalJson;
import io.visitorcounter.release.ReleaseException;
import io.visitorcounter.release.image.AppNames;
import io.visitorcounter.release.image.ImageDeclaration;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A workload for Docker Swarm: a stack file with one service. Its tasks are replaced one by one, each new one started
 *  before its old one stops; if a new one fails, the engine itself rolls back. No port is published, since Swarm gives
 *  a node's port to one task only: a proxy in the same network finds the tasks by DNS, under {@code tasks.NAME}. */
record SwarmManifest(Workload workload, ImageDeclaration declared, Manifest.Scale scale) {

    private static final Duration INTERVAL = Duration.ofSeconds(5);
    // The JVM of a health check is slow on a busy machine, and Swarm replaces a task that does not answer with one of
    // the new release.
    private static final Duration ANSWER = Duration.ofSeconds(20);
    private static final int RETRIES = 6;
    private static final Duration MIN_MONITOR = Duration.ofSeconds(5);

    SwarmManifest {
        if (declared.health().isEmpty() && !declared.hasHealthCheck()) {
            throw new ReleaseException.Refused(workload.id().label()
                    + ": expected an image with a HEALTHCHECK, or with a command in its label io.visitorcounter.health,"
                    + " by which Swarm judges its tasks; got one with neither");
        }
    }

    /** {@return the file} */
    ObjectNode document() {
        ObjectNode file = CanonicalJson.object().put("version", "3.8");
        ObjectNode service = ComposeManifest.service(file, workload.name(), workload);
        ObjectNode environment = service.withObject("/environment");
        // Swarm's secrets are files; anyone who may inspect the service could read a value in its environment.
        workload.secrets().forEach(variable -> environment.put(variable + "_FILE", "/run/secrets/" + variable));
        service.put("read_only", true).put("stop_grace_period", workload.graceSeconds() + "s");
        service.putArray("cap_drop").add("ALL");
        if (!declared.hasHealthCheck()) {
            healthCheck(service.putObject("healthcheck"));
        }
        service.putArray("networks").add("default");
        secrets(file, service);
        volumes(file, service);
        deploy(service.putObject("deploy"));
        file.putObject("networks").putObject("default").put("external", true).put("name", network());
        return file;
    }

    /** {@return warnings: valid, but probably a mistake} */
    List<String> warnings() {
        List<String> warnings = new ArrayList<>();
        if (scale.replicas().equals(Optional.of(1))) {
            warnings.add("with one task, a release that fails after its start leaves nobody who serves; --replicas 2");
        }
        if (workload.keepsData()) {
            workload.volumes()
                    .forEach(folder -> warnings.add(folder + " is a volume of the node that a task runs on; on another"
                            + " node it begins empty"));
        }
        return warnings;
    }

    /** The overlay network that the tasks share with the proxy and the store. */
    private String network() {
        return workload.name() + "-" + workload.id().environment();
    }

    private void healthCheck(ObjectNode check) {
        ArrayNode test = check.putArray("test").add("CMD");
        declared.health().forEach(word -> test.add(ComposeManifest.plain(word)));
        check.put("interval", seconds(INTERVAL))
                .put("timeout", seconds(ANSWER))
                .put("retries", RETRIES)
                // So that the engine gives up on a release by itself before the overall time limit.
                .put("start_period", seconds(scale.timeout().dividedBy(4)));
    }

    private void secrets(ObjectNode file, ObjectNode service) {
        if (workload.secrets().isEmpty()) {
            return;
        }
        ArrayNode used = service.putArray("secrets");
        ObjectNode named = file.putObject("secrets");
        for (String variable : workload.secrets()) {
            used.addObject().put("source", variable).put("target", variable);
            named.putObject(variable).put("external", true).put("name", network() + "-" + variable);
        }
    }

    private void volumes(ObjectNode file, ObjectNode service) {
        ArrayNode mounts = service.putArray("volumes");
        if (!workload.volumes().contains(Workload.SCRATCH)) {
            memory(mounts, Workload.SCRATCH);
        }
        for (String folder : workload.volumes()) {
            if (workload.keepsData()) {
                String volume = AppNames.volume(folder);
                mounts.addObject().put("type", "volume").put("source", volume).put("target", folder);
                file.withObject("/volumes").putObject(volume).put("name", network() + "-" + volume);
            } else {
                // Otherwise every task would leave a volume behind.
                memory(mounts, folder);
            }
        }
    }

    // A stack silently ignores the short form, tmpfs.
    private static void memory(ArrayNode mounts, String folder) {
        mounts.addObject()
                .put("type", "tmpfs")
                .put("target", folder)
                .putObject("tmpfs")
                .put("size", 64 << 20);
    }

    private void deploy(ObjectNode deploy) {
        deploy.put("replicas", scale.replicas().orElse(1)).put("endpoint_mode", "dnsrr");
        // Unlike those above, labels of the service do not restart tasks.
        deploy.putObject("labels")
                .put("io.visitorcounter.release", workload.id().toString());
        deploy.putObject("resources").putObject("limits").put("memory", scale.memory() + "M");
        deploy.putObject("restart_policy").put("condition", "any").put("delay", "1s");
        Duration monitor = scale.soak().compareTo(MIN_MONITOR) < 0 ? MIN_MONITOR : scale.soak();
        deploy.putObject("update_config")
                .put("order", "start-first")
                .put("parallelism", 1)
                .put("delay", seconds(scale.soak()))
                .put("monitor", seconds(monitor))
                .put("failure_action", "rollback")
                .put("max_failure_ratio", 0);
        deploy.putObject("rollback_config")
                .put("order", "start-first")
                .put("parallelism", 1)
                .put("monitor", seconds(MIN_MONITOR))
                .put("failure_action", "pause");
    }

    private static String seconds(Duration time) {
        return time.toSeconds() + "s";
    }
}
