package io.visitorcounter.release.action;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.visitorcounter.release.CanonicalJson;
import io.visitorcounter.release.Environment;
import io.visitorcounter.release.ReleaseException;
import io.visitorcounter.release.ReleaseId;
import io.visitorcounter.release.config.Bundle;
import io.visitorcounter.release.image.Image;
import io.visitorcounter.release.image.Repository;
import io.visitorcounter.release.ledger.Release;
import io.visitorcounter.release.ledger.Snapshot;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** What a platform is told to run: a release by digest, its number, and where its secrets come from. */
public final class Manifest {

    private static final String PORT = "HTTP_PORT";

    private final Site site;

    /** Sets where everything is.
     *
     *  @param site where everything is */
    public Manifest(Site site) {
        this.site = site;
    }

    /** The platforms whose form is known. */
    public enum Form {
        /** A Deployment, and a Service where the app has a port. */
        KUBERNETES,
        /** One service of a Compose file. */
        COMPOSE
    }

    /** {@return the documents, in the order in which they are applied}
     *
     *  @param environment whose
     *  @param version which release; empty: the newest
     *  @param form for which platform
     *  @param replicas how many processes
     *  @throws ReleaseException.Refused if its image is in no registry that a platform could pull from */
    public List<ObjectNode> run(Environment environment, Optional<Integer> version, Form form, int replicas) {
        Snapshot history = site.ledger().read();
        Release release = version.map(number -> history.get(new ReleaseId(environment, number)))
                .or(() -> history.last(environment))
                .orElseThrow(() -> new ReleaseException.NotFound(
                        environment + ": no release yet; make one with release create " + environment));
        String image = release.content().releaseImage().name();
        if (!Repository.isReference(image)) {
            throw new ReleaseException.Refused(release.id().label() + ": expected an image of a registry, got the tar "
                    + image + "; release from a registry, or run it with release run");
        }
        Bundle bundle = Recorded.bundle(history, release);
        String name = name(Recorded.app(history, release));
        return form == Form.KUBERNETES
                ? kubernetes(release, image, name, bundle, replicas)
                : List.of(compose(release, image, name, bundle));
    }

    private static String name(Image app) {
        String title = app.labels().getOrDefault("org.opencontainers.image.title", "app");
        String plain =
                title.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-").replaceAll("^-|-$", "");
        return plain.isEmpty() || !Character.isLetter(plain.charAt(0)) ? "app" : plain;
    }

    private static List<ObjectNode> kubernetes(
            Release release, String image, String name, Bundle bundle, int replicas) {
        ObjectNode deployment = document("apps/v1", "Deployment", name, release.id());
        ObjectNode spec = deployment.putObject("spec").put("replicas", replicas);
        spec.putObject("selector").putObject("matchLabels").put("app.kubernetes.io/name", name);
        ObjectNode template = spec.putObject("template");
        labels(template.putObject("metadata"), name, release.id());
        ObjectNode pod = template.putObject("spec").put("automountServiceAccountToken", false);
        ObjectNode user = pod.putObject("securityContext").put("runAsNonRoot", true);
        user.putObject("seccompProfile").put("type", "RuntimeDefault");
        ObjectNode container =
                pod.putArray("containers").addObject().put("name", name).put("image", image);
        ArrayNode env = container.putArray("env");
        env.addObject().put("name", "RELEASE").put("value", release.id().toString());
        bundle.env()
                .forEach((variable, value) ->
                        env.addObject().put("name", variable).put("value", value));
        for (String variable : bundle.variables()) {
            env.addObject()
                    .put("name", variable)
                    .putObject("valueFrom")
                    .putObject("secretKeyRef")
                    .put("name", name)
                    .put("key", variable);
        }
        ObjectNode security = container
                .putObject("securityContext")
                .put("allowPrivilegeEscalation", false)
                .put("readOnlyRootFilesystem", true);
        security.putObject("capabilities").putArray("drop").add("ALL");
        Optional<Integer> port = port(bundle);
        if (port.isEmpty()) {
            return List.of(deployment);
        }
        container.putArray("ports").addObject().put("name", "http").put("containerPort", port.get());
        probe(container.putObject("startupProbe"), "/health/live")
                .put("failureThreshold", 30)
                .put("periodSeconds", 1);
        probe(container.putObject("livenessProbe"), "/health/live");
        probe(container.putObject("readinessProbe"), "/health/ready").put("periodSeconds", 2);
        ObjectNode service = document("v1", "Service", name, release.id());
        ObjectNode serviceSpec = service.putObject("spec");
        serviceSpec.putObject("selector").put("app.kubernetes.io/name", name);
        serviceSpec
                .putArray("ports")
                .addObject()
                .put("name", "http")
                .put("port", 80)
                .put("targetPort", "http");
        return List.of(deployment, service);
    }

    private static ObjectNode probe(ObjectNode probe, String path) {
        probe.putObject("httpGet").put("path", path).put("port", "http");
        return probe;
    }

    private static ObjectNode document(String apiVersion, String kind, String name, ReleaseId id) {
        ObjectNode document =
                CanonicalJson.object().put("apiVersion", apiVersion).put("kind", kind);
        labels(document.putObject("metadata").put("name", name), name, id);
        return document;
    }

    private static void labels(ObjectNode metadata, String name, ReleaseId id) {
        metadata.putObject("labels")
                .put("app.kubernetes.io/name", name)
                .put("app.kubernetes.io/instance", id.environment().name())
                .put("app.kubernetes.io/version", "v" + id.version());
    }

    private static ObjectNode compose(Release release, String image, String name, Bundle bundle) {
        ObjectNode file = CanonicalJson.object();
        ObjectNode service = file.putObject("services").putObject(name).put("image", image);
        ObjectNode environment =
                service.putObject("environment").put("RELEASE", release.id().toString());
        // Compose reads a dollar as the start of a variable.
        bundle.env().forEach((variable, value) -> environment.put(variable, value.replace("$", "$$")));
        bundle.variables().forEach(variable -> environment.put(variable, "${" + variable + ":?set " + variable + "}"));
        port(bundle).ifPresent(port -> service.putArray("ports").add("${HTTP_PORT:-" + port + "}:" + port));
        service.put("read_only", true).put("restart", "unless-stopped");
        service.putArray("cap_drop").add("ALL");
        service.putArray("security_opt").add("no-new-privileges:true");
        return file;
    }

    private static Optional<Integer> port(Bundle bundle) {
        return Optional.ofNullable(bundle.env().get(PORT))
                .filter(text -> text.matches("[1-9][0-9]{0,4}"))
                .map(Integer::valueOf);
    }
}
