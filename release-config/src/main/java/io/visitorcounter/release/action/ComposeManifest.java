package io.visitorcounter.release.action;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.visitorcounter.release.CanonicalJson;
import io.visitorcounter.release.image.AppNames;

/** A workload for Compose: one service, whose data is in volumes of its environment. */
record ComposeManifest(Workload workload, Manifest.Scale scale) {

    /** {@return the file} */
    ObjectNode document() {
        // Named after the environment, so that two environments in one folder do not replace each other.
        String name = workload.name() + "-" + workload.id().environment();
        ObjectNode file = CanonicalJson.object();
        ObjectNode service = service(file, name, workload);
        ObjectNode environment = service.withObject("/environment");
        workload.secrets().forEach(variable -> environment.put(variable, "${" + variable + ":?set " + variable + "}"));
        workload.port()
                .ifPresent(port -> service.putArray("ports")
                        .add(scale.publish() + ":${" + workload.portVariable() + ":-" + port + "}:" + port));
        // Many programs ignore SIGTERM when they are a container's first process.
        service.put("init", true)
                .put("read_only", true)
                .put("restart", "unless-stopped")
                .put("stop_grace_period", workload.graceSeconds() + "s")
                .put("mem_limit", scale.memory() + "m");
        service.putArray("cap_drop").add("ALL");
        service.putArray("security_opt").add("no-new-privileges:true");
        if (!workload.volumes().contains(Workload.SCRATCH)) {
            service.putArray("tmpfs").add(Workload.SCRATCH);
        }
        if (!workload.volumes().isEmpty()) {
            ArrayNode mounts = service.putArray("volumes");
            ObjectNode volumes = file.putObject("volumes");
            for (String folder : workload.volumes()) {
                String volume = AppNames.volume(folder);
                mounts.addObject().put("type", "volume").put("source", volume).put("target", folder);
                volumes.putObject(volume).put("name", name + "-" + volume);
            }
        }
        return file;
    }

    /** {@return the file's service, in the form of Compose and Swarm: its image, its labels, and its variables except
     *  secrets} */
    static ObjectNode service(ObjectNode file, String name, Workload workload) {
        ObjectNode service = file.putObject("services").putObject(name).put("image", workload.image());
        ObjectNode labels = service.putObject("labels");
        workload.labels().forEach((label, value) -> labels.put(label, plain(value)));
        ObjectNode environment =
                service.putObject("environment").put("RELEASE", workload.id().toString());
        workload.env().forEach((variable, value) -> environment.put(variable, plain(value)));
        return service;
    }

    /** Escapes dollars, which both read as the start of a variable. */
    static String plain(String value) {
        return value.replace("$", "$$");
    }
}
