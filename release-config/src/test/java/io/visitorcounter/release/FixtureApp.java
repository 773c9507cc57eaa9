package io.visitorcounter.release;

import com.google.cloud.tools.jib.api.Containerizer;
import com.google.cloud.tools.jib.api.Jib;
import com.google.cloud.tools.jib.api.JibContainerBuilder;
import com.google.cloud.tools.jib.api.TarImage;
import com.google.cloud.tools.jib.api.buildplan.AbsoluteUnixPath;
import com.google.cloud.tools.jib.api.buildplan.FileEntriesLayer;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;

/** An app image as small as can be, made the way counter-web's is: a class, an entrypoint, a contract in the labels. */
public final class FixtureApp {

    /** A contract with a text, a number, a secret and a port that a platform assigns. */
    public static final String CONTRACT = """
            {"type":"object","additionalProperties":false,"properties":{
            "greeting":{"type":"string","default":"hello","env":"GREETING","description":"what it says"},
            "limit":{"type":"integer","minimum":1,"maximum":10,"default":5,"description":"how often"},
            "password":{"type":"string","default":"","writeOnly":true,"env":"PASSWORD","description":"a secret"}}}""";

    private FixtureApp() {}

    /** Writes an app image with the contract above.
     *
     *  @param tar a new file
     *  @param build which build it is: another text, another digest */
    public static Path tar(Path tar, String build) {
        return tar(tar, build, Optional.of(CONTRACT));
    }

    /** Writes an app image.
     *
     *  @param tar a new file
     *  @param build which build it is: another text, another digest
     *  @param contract what it carries; empty for none */
    public static Path tar(Path tar, String build, Optional<String> contract) {
        return tar(tar, build, contract, image -> {});
    }

    /** Writes an app image whose class is in a jar; its Java tells where it takes the class from.
     *
     *  @param tar a new file
     *  @param more what else the image says */
    public static Path jarTar(Path tar, Consumer<JibContainerBuilder> more) throws IOException {
        String type = EchoApp.class.getName().replace('.', '/') + ".class";
        Path jar = tar.resolveSibling("echo.jar");
        try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar));
                InputStream bytes = Objects.requireNonNull(EchoApp.class.getResourceAsStream("EchoApp.class"))) {
            out.putNextEntry(new JarEntry(type));
            bytes.transferTo(out);
            out.putNextEntry(new JarEntry("build.txt"));
            out.write('1');
        }
        FileEntriesLayer layer = FileEntriesLayer.builder()
                .setName("jar")
                .addEntry(jar, AbsoluteUnixPath.get("/app/echo.jar"))
                .build();
        return tar(tar, "1", Optional.of(CONTRACT), image -> {
            image.addFileEntriesLayer(layer)
                    .setEntrypoint(
                            "java", "-Xlog:class+load:stdout:none", "-cp", "/app/echo.jar", EchoApp.class.getName());
            more.accept(image);
        });
    }

    /** Writes an app image.
     *
     *  @param tar a new file
     *  @param build which build it is: another text, another digest
     *  @param contract what it carries; empty for none
     *  @param more what else the image says */
    public static Path tar(Path tar, String build, Optional<String> contract, Consumer<JibContainerBuilder> more) {
        try {
            Path folder = Files.createTempDirectory(tar.toAbsolutePath().getParent(), "app-");
            Path version = Files.writeString(folder.resolve("build.txt"), build);
            String type = EchoApp.class.getName().replace('.', '/') + ".class";
            Path source = Path.of(EchoApp.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .getPath());
            FileEntriesLayer classes = FileEntriesLayer.builder()
                    .setName("classes")
                    .addEntry(source.resolve(type), AbsoluteUnixPath.get("/app/classes/" + type))
                    .addEntry(version, AbsoluteUnixPath.get("/app/classes/build.txt"))
                    .build();
            JibContainerBuilder image = Jib.fromScratch()
                    .setCreationTime(Instant.EPOCH)
                    .addFileEntriesLayer(classes)
                    .setEntrypoint("java", "-XX:TieredStopAtLevel=1", "-cp", "/app/classes", EchoApp.class.getName())
                    .addLabel("org.opencontainers.image.title", "fixture");
            contract.ifPresent(text -> image.addLabel("io.visitorcounter.contract", text)
                    .addLabel(
                            "io.visitorcounter.contract.digest",
                            Digest.of(text.getBytes(StandardCharsets.UTF_8)).text()));
            more.accept(image);
            image.containerize(Containerizer.to(TarImage.at(tar).named("fixture"))
                    .setBaseImageLayersCache(folder.resolve("base"))
                    .setApplicationLayersCache(folder.resolve("layers")));
            return tar;
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        } catch (Exception e) {
            throw new IllegalStateException("the fixture image can't be made", e);
        }
    }
}
