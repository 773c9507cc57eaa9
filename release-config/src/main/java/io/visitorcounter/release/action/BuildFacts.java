package io.visitorcounter.release.action;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.visitorcounter.release.CanonicalJson;
import io.visitorcounter.release.ReleaseException;
import io.visitorcounter.release.image.Image;
import io.visitorcounter.release.image.ImageStore;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What a step on a CI server can truthfully say about its own build: what its variables say, and what it checked in
 *  the image. docs/provenance.md lists the fields. */
final class BuildFacts {

    /** How an app image is made. */
    static final String BUILD_TYPE = "https://release.visitorcounter.io/buildtypes/jenkins/v1";

    private static final String REVISION = "org.opencontainers.image.revision";

    private final Map<String, String> variables;
    private final BuildJob job;

    /** Takes the variables.
     *
     *  @throws ReleaseException.Usage if they name no CI server: there are no statements about builds on a person's
     *      machine */
    BuildFacts(Map<String, String> variables) {
        this.variables = variables;
        this.job = BuildJob.of(variables)
                .orElseThrow(
                        () -> new ReleaseException.Usage("release attest: expected the builder of the image, got none;"
                                + " a CI server is named by RELEASE_BUILDER_ID or JENKINS_URL"));
    }

    /** {@return the predicate of a provenance}
     *
     *  @param parameters the names of the variables that a user of the job can set
     *  @param base the image that it was built on; empty if that is not known
     *  @param sbom the build's bill of materials; empty if there is none
     *  @param now the time of the statement
     *  @throws ReleaseException.Refused if the image contradicts the variables */
    ObjectNode provenance(
            ImageStore.Stored app,
            List<String> parameters,
            Optional<ImageStore.Stored> base,
            Optional<BillOfMaterials> sbom,
            Instant now) {
        ObjectNode provenance = CanonicalJson.object();
        ObjectNode definition = provenance.putObject("buildDefinition").put("buildType", BUILD_TYPE);
        ObjectNode external = definition.putObject("externalParameters");
        put(external, "repository", "GIT_URL");
        put(external, "ref", "GIT_BRANCH");
        ObjectNode given = external.putObject("parameters");
        parameters.forEach(name -> put(given, name, name));
        ObjectNode internal = definition.putObject("internalParameters");
        put(internal, "job", "JOB_NAME");
        put(internal, "node", "NODE_NAME");
        var dependencies = definition.putArray("resolvedDependencies");
        source(app).ifPresent(dependencies::add);
        base.ifPresent(image -> {
            requireBelow(app, image);
            ImageStatements.named(
                    dependencies, image.name(), "sha256", image.image().digest().hex());
        });
        ObjectNode details = provenance.putObject("runDetails");
        ObjectNode builder = details.putObject("builder").put("id", job.builder());
        set("JENKINS_VERSION").ifPresent(version -> builder.putObject("version").put("jenkins", version));
        ObjectNode metadata = details.putObject("metadata");
        job.run().ifPresent(run -> metadata.put("invocationId", run));
        metadata.put("finishedOn", now.toString());
        sbom.ifPresent(bill -> ImageStatements.named(
                details.putArray("byproducts"),
                "bill of materials",
                "sha256",
                bill.digest().hex()));
        return provenance;
    }

    /** The source, if the image itself names this commit. */
    private Optional<ObjectNode> source(ImageStore.Stored app) {
        Optional<String> commit = set("GIT_COMMIT");
        String said = app.image().labels().getOrDefault(REVISION, "");
        if (commit.isEmpty() || !commit.get().matches("[0-9a-f]{40}")) {
            return Optional.empty();
        }
        if (!said.equals(commit.get())) {
            throw new ReleaseException.Refused(app.name() + ": expected a build of commit " + commit.get()
                    + ", its label " + REVISION + " says " + (said.isEmpty() ? "none" : said));
        }
        ObjectNode source = CanonicalJson.object();
        set("GIT_URL")
                .ifPresent(url -> source.put(
                        "uri",
                        "git+" + url + set("GIT_BRANCH").map(ref -> "@" + ref).orElse("")));
        source.putObject("digest").put("gitCommit", commit.get());
        return Optional.of(source);
    }

    private static void requireBelow(ImageStore.Stored app, ImageStore.Stored base) {
        Image below = base.image();
        Image above = app.image();
        for (int i = 0; i < below.layers().size(); i++) {
            if (i >= above.layers().size()
                    || !below.layers()
                            .get(i)
                            .diffId()
                            .equals(above.layers().get(i).diffId())) {
                throw new ReleaseException.Refused(
                        app.name() + ": expected the layers of " + base.name() + " below its own, got others");
            }
        }
    }

    private void put(ObjectNode into, String field, String variable) {
        set(variable).ifPresent(value -> into.put(field, value));
    }

    private Optional<String> set(String name) {
        return BuildJob.set(variables, name);
    }
}
