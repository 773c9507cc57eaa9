package io.visitorcounter.release.config;

import io.visitorcounter.release.Environment;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Bundles of small configs, rendered for the contract of the tests. */
final class TestBundles {

    static final Environment PROD = new Environment("prod");

    private TestBundles() {}

    /** The files of a folder: name, text, name, text. */
    static EnvironmentFiles files(String... namesAndTexts) {
        Map<String, byte[]> files = new TreeMap<>();
        for (int i = 0; i < namesAndTexts.length; i += 2) {
            files.put(namesAndTexts[i], namesAndTexts[i + 1].getBytes(StandardCharsets.UTF_8));
        }
        return new EnvironmentFiles(ConfigSource.of("environments", files));
    }

    static Bundle of(String prod) {
        return bundle(files("prod.conf", prod).render(PROD, TestContract.read()));
    }

    static Bundle bundle(Rendering rendering) {
        if (rendering instanceof Rendering.Rendered rendered) {
            return rendered.bundle();
        }
        throw new AssertionError("refused: " + rendering);
    }

    static String text(Bundle bundle, String name) {
        return new String(bundle.files().getOrDefault(name, new byte[0]), StandardCharsets.UTF_8);
    }

    /** The files of a folder, name to bytes. */
    static Map<String, byte[]> filesIn(Path folder) throws IOException {
        Map<String, byte[]> files = new TreeMap<>();
        try (Stream<Path> all = Files.list(folder)) {
            for (Path file : all.toList()) {
                files.put(file.getFileName().toString(), Files.readAllBytes(file));
            }
        }
        return files;
    }
}
