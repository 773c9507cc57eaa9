package io.visitorcounter.release.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The overlay of docs/release.md fits the manifest. Needs a kubectl with kustomize 4 or newer; with {@code
 *  TEST_KUBECTL=required} it must be there. */
class OverlayTest {

    private static final String BEGIN = "<!-- checked: overlay -->\n```yaml\n";

    @TempDir
    private Path project;

    @Test
    void whatAClusterNeedsBesidesIsAddedByAnOverlay() throws Exception {
        boolean there = kubectl("version", "--client").matches("(?s).*Kustomize Version: v([4-9]|[1-9][0-9]).*");
        if ("required".equals(System.getenv("TEST_KUBECTL"))) {
            assertThat(there)
                    .as("kubectl with kustomize 4 or newer on the PATH")
                    .isTrue();
        }
        assumeTrue(there, "no kubectl with kustomize 4 or newer on the PATH");
        String page = Files.readString(Path.of("..", "docs", "release.md"));
        String overlay = page.substring(page.indexOf(BEGIN) + BEGIN.length());
        try (ReleasedApp app = new ReleasedApp(Files.createDirectory(project.resolve("app")))) {
            app.release("app {}");
            Files.writeString(project.resolve("release.yaml"), app.manifest("kubernetes", "--replicas", "3"));
        }
        Files.writeString(project.resolve("kustomization.yaml"), overlay.substring(0, overlay.indexOf("```")));

        Kubernetes made = Kubernetes.read(kubectl("kustomize", project.toString()));

        assertThat(made.pod().getImagePullSecrets())
                .singleElement()
                .satisfies(login -> assertThat(login.getName()).isEqualTo("registry-login"));
        assertThat(made.container().getEnv()).anySatisfy(variable -> {
            assertThat(variable.getName()).isEqualTo("TZ");
            assertThat(variable.getValue()).isEqualTo("Europe/Berlin");
        });
        assertThat(made.container().getEnv())
                .anySatisfy(variable -> assertThat(variable.getName()).isEqualTo("RELEASE"));
        assertThat(made.container().getResources().getRequests().get("cpu")).hasToString("250m");
    }

    /** {@return what it prints; empty where there is none} */
    private String kubectl(String... arguments) throws InterruptedException {
        String[] command = new String[arguments.length + 1];
        command[0] = "kubectl";
        System.arraycopy(arguments, 0, command, 1, arguments.length);
        try {
            Process process = new ProcessBuilder(command)
                    .redirectError(project.resolve("kubectl.log").toFile())
                    .start();
            String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return process.waitFor() == 0 ? said : "";
        } catch (IOException missing) {
            return "";
        }
    }
}
