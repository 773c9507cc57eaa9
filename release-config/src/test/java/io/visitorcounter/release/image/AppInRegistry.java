package io.visitorcounter.release.image;

import io.visitorcounter.release.Digest;
import io.visitorcounter.release.Environment;
import io.visitorcounter.release.FixtureApp;
import io.visitorcounter.release.Sleeper;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** Each test has a registry of its own, with an app in it. */
abstract class AppInRegistry {

    @TempDir
    Path folder;

    final LoopbackRegistry registry = new LoopbackRegistry();
    String app = "";

    @BeforeEach
    void push() {
        app = RegistryImages.push(
                FixtureApp.tar(folder.resolve("app.tar"), "1"), registry.host() + "/team/app", Map.of());
    }

    @AfterEach
    void close() {
        registry.close();
    }

    /** A client of it.
     *
     *  @param sleeper waits before the client asks again */
    Registry client(Map<String, String> variables, Sleeper sleeper) {
        return new Registry(
                false,
                new RegistryCredentials(variables, Optional.of(registry.host() + "/team/app")),
                new HttpSettings(variables, List.of()),
                new RetryPolicy(sleeper, () -> 0.5),
                Uploads.NONE);
    }

    /** What a release in dev puts upon an app. */
    static ReleaseLayer layer(Image app) {
        TreeMap<String, byte[]> files = new TreeMap<>(Map.of("app.conf", "a = 1".getBytes(StandardCharsets.UTF_8)));
        return ReleaseLayer.of(
                new Environment("dev"), app, Optional.empty(), Digest.of(new byte[] {1}), files, new TreeMap<>());
    }
}
