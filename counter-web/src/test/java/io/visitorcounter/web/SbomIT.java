package io.visitorcounter.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The bill of materials that {@code -Psbom} makes. */
class SbomIT {

    private static final Path SBOM = Path.of("target", "sbom.json");

    private static Config sbom;

    @BeforeAll
    static void read() {
        assumeTrue("required".equals(System.getProperty("test.sbom")), "no bill of materials; make it with -Psbom");
        sbom = ConfigFactory.parseFile(SBOM.toFile());
    }

    @Test
    void itListsEveryLibraryThatTheAppIsStartedWithAndNoOther() throws IOException {
        List<String> listed = sbom.getConfigList("components").stream()
                .map(component -> component.getString("name") + "-" + component.getString("version") + ".jar")
                .toList();

        assertThat(listed).containsExactlyInAnyOrderElementsOf(classPath());
    }

    @Test
    void itNamesTheAppAndHasNothingOfTheHourInIt() {
        assertThat(sbom.getString("bomFormat")).isEqualTo("CycloneDX");
        assertThat(sbom.getString("metadata.component.name")).isEqualTo("counter-web");
        assertThat(sbom.hasPath("serialNumber")).isFalse();
        assertThat(sbom.hasPath("metadata.timestamp")).isFalse();
    }

    private static List<String> classPath() throws IOException {
        try (JarFile app = new JarFile(Path.of("target", "counter-web.jar").toFile())) {
            String[] jars = app.getManifest()
                    .getMainAttributes()
                    .getValue(Attributes.Name.CLASS_PATH)
                    .split(" ");
            return Arrays.stream(jars)
                    .map(jar -> jar.replaceFirst("^lib/", "").replace("-unix.jar", ".jar"))
                    .toList();
        }
    }
}
