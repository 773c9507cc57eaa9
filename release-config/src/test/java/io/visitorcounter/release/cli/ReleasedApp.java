package io.visitorcounter.release.cli;

import com.google.cloud.tools.jib.api.buildplan.AbsoluteUnixPath;
import io.visitorcounter.release.FixtureApp;
import io.visitorcounter.release.image.LoopbackRegistry;
import io.visitorcounter.release.image.RegistryImages;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** An app with a port, a drain delay, a secret, a user and a folder that it keeps, released from a registry to
 *  {@code prod}. */
final class ReleasedApp implements AutoCloseable {

    private static final String CONTRACT = """
            {"type":"object","additionalProperties":false,"properties":{
            "greeting":{"type":"string","default":"hello","env":"GREETING","description":"what it says"},
            "loud":{"type":"string","default":"no","env":"NO","description":"a variable that old YAML takes for false"},
            "password":{"type":"string","default":"","writeOnly":true,"env":"PASSWORD","description":"a secret"},
            "http":{"type":"object","additionalProperties":false,"properties":{
            "port":{"type":"integer","minimum":1,"maximum":65535,"default":8080,"env":"HTTP_PORT","description":"a port"},
            "drain-delay":{"type":"string","format":"hocon-duration","default":"0s","description":"a delay"}}}}}""";

    private final Path project;
    private final LoopbackRegistry registry = new LoopbackRegistry();
    private final Tool tool;
    private String title = "Counter web";
    private Map<String, String> declared = Map.of(
            "io.visitorcounter.probe.live", "/health/live",
            "io.visitorcounter.probe.ready", "/health/ready",
            "io.visitorcounter.drain.key", "http.drain-delay",
            "io.visitorcounter.health", "[\"java\", \"$Health\"]");

    /** Sets the project.
     *
     *  @param project an empty folder */
    ReleasedApp(Path project) {
        this.project = project;
        this.tool = new Tool(project);
    }

    /** What its image calls itself from now on. */
    void title(String text) {
        title = text;
    }

    /** Its image declares nothing of its process from now on. */
    void declaresNothing() {
        declared = Map.of();
    }

    /** Its image declares one thing of its process from now on. */
    void declares(String label, String value) {
        declared = Map.of(label, value);
    }

    /** Its image declares from now on for which config it keeps data. */
    void keepsDataWhen(String condition) {
        declared = Map.of("io.visitorcounter.storage.when", condition);
    }

    void release(String config) {
        release("65532:65533", List.of("/app/data"), config);
    }

    void release(String user, List<String> volumes, String config) {
        create(
                FixtureApp.tar(project.resolve("app.tar"), "1", Optional.of(CONTRACT), image -> {
                    image.setUser(user).addLabel("org.opencontainers.image.title", title);
                    declared.forEach(image::addLabel);
                    volumes.forEach(folder -> image.addVolume(AbsoluteUnixPath.get(folder)));
                }),
                config);
    }

    /** One without a port, a folder or a user. */
    void releaseBare() {
        create(FixtureApp.tar(project.resolve("app.tar"), "1"), "app {}");
    }

    private void create(Path tar, String config) {
        tool.config("prod", config);
        tool.mustRun("create", "prod", "--app", RegistryImages.push(tar, registry.host() + "/team/app", Map.of()));
    }

    /** {@return what the tool prints for this platform} */
    String manifest(String form, String... options) {
        tool.mustRun(command(form, options));
        return tool.out();
    }

    /** {@return the same, with its digests and its registry's port left out: they are another's with every compiler and
     *  every run} */
    String shape(String form, String... options) {
        return manifest(form, options)
                .replaceAll("sha256:[0-9a-f]{64}", "sha256:…")
                .replace(registry.host(), "registry");
    }

    String[] command(String form, String... options) {
        return Stream.concat(Stream.of("manifest", "prod", "--format", form), Stream.of(options))
                .toArray(String[]::new);
    }

    /** {@return the tool, as the last command left it} */
    Tool tool() {
        return tool;
    }

    /** {@return a field of the release, leaving the tool as the last command left it} */
    String field(String pointer) {
        return new Tool(project).field("prod@v1", pointer);
    }

    @Override
    public void close() {
        registry.close();
    }
}
