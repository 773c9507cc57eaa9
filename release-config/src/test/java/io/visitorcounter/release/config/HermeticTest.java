package io.visitorcounter.release.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.visitorcounter.release.Environment;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The same files and the same contract give the same bytes, whatever machine, folder, user and language. */
class HermeticTest {

    private static final String BASE = "app { redis { host = redis, password = ${REDIS_PASSWORD} }, store = redis }";
    private static final String PROD = "include \"base.conf\"\napp { greeting = \"I İ ß ı\", queue = 12345 }";

    // Changes whenever a byte of a bundle does: then every release is a new one, so it must not change unnoticed.
    private static final String DIGEST = "sha256:37c50ebdd13b71beb88056e790a048e6c68e7641c2575648ca0e7bc070d3ab5b";

    @TempDir
    private Path folder;

    /** Prints the digest of {@code prod} in the folder that is the argument. */
    static final class Main {
        private Main() {}

        public static void main(String[] folder) {
            Rendering rendering =
                    new EnvironmentFiles(Path.of(folder[0])).render(new Environment("prod"), TestContract.read());
            System.out.println(TestBundles.bundle(rendering).digest());
        }
    }

    @Test
    void theBytesOfABundleAreFixed() {
        Rendering rendering =
                TestBundles.files("base.conf", BASE, "prod.conf", PROD).render(TestBundles.PROD, TestContract.read());

        assertThat(TestBundles.bundle(rendering).digest()).hasToString(DIGEST);
    }

    @Test
    void anotherProcessWithOtherVariablesPropertiesLanguageAndFolderGivesTheSame() throws Exception {
        Path environments = Files.createDirectories(folder.resolve("another folder/environments"));
        Files.writeString(environments.resolve("base.conf"), BASE);
        Files.writeString(environments.resolve("prod.conf"), PROD);

        String printed = run(
                List.of(
                        "-Dapp.queue=1",
                        "-Dapp.redis.host=elsewhere",
                        "-Dconfig.override_with_env_vars=true",
                        "-Dconfig.file=/dev/null",
                        "-Dfile.encoding=ISO-8859-1",
                        "-Duser.language=tr",
                        "-Duser.country=TR",
                        "-Duser.timezone=Asia/Kathmandu"),
                Map.of(
                        "REDIS_PASSWORD", "hunter2",
                        "HOST", "elsewhere",
                        "CONFIG_FORCE_app_queue", "2",
                        "CONFIG_FORCE_app_redis_host", "elsewhere"),
                environments);

        assertThat(printed.strip()).isEqualTo(DIGEST);
    }

    private String run(List<String> options, Map<String, String> variables, Path environments)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path")));
        command.addAll(options);
        command.addAll(List.of(Main.class.getName(), environments.toString()));
        Path output = folder.resolve("output");
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile());
        builder.environment().putAll(variables);
        Process process = builder.start();
        int exit = process.waitFor();
        String printed = Files.readString(output, StandardCharsets.UTF_8);
        assertThat(exit).as(printed).isZero();
        return printed;
    }
}
