package io.visitorcounter.release.image;

import com.google.cloud.tools.jib.api.CacheDirectoryCreationException;
import com.google.cloud.tools.jib.api.Containerizer;
import com.google.cloud.tools.jib.api.InvalidImageReferenceException;
import com.google.cloud.tools.jib.api.Jib;
import com.google.cloud.tools.jib.api.JibContainerBuilder;
import com.google.cloud.tools.jib.api.RegistryException;
import com.google.cloud.tools.jib.api.TarImage;
import com.google.cloud.tools.jib.api.buildplan.AbsoluteUnixPath;
import com.google.cloud.tools.jib.api.buildplan.FileEntriesLayer;
import com.google.cloud.tools.jib.api.buildplan.FileEntry;
import com.google.cloud.tools.jib.api.buildplan.FilePermissions;
import com.google.cloud.tools.jib.api.buildplan.ImageFormat;
import io.visitorcounter.release.ReleaseException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** One build of a release image with Jib: the app image and one layer. Nothing of the machine or the hour is in it. */
final class JibBuild {

    private static final String OWNER = "0:0";
    private static final FilePermissions READ_ONLY = FilePermissions.fromOctalString("444");

    private final Path scratch;

    /** Sets where the build keeps what it needs for a moment.
     *
     *  @param scratch an empty folder, which the caller deletes; a cache of earlier builds would be trusted by name */
    JibBuild(Path scratch) {
        this.scratch = scratch;
    }

    /** Writes the release image as a docker-archive tar.
     *
     *  @param app the app image's tar
     *  @param name what the image is called once it is loaded
     *  @param layer what is added
     *  @param target a file that does not exist */
    void toTar(Path app, String name, ReleaseLayer layer, Path target) throws IOException {
        try {
            containerize(
                    Jib.from(TarImage.at(app)).setFormat(ImageFormat.Docker),
                    layer,
                    Containerizer.to(TarImage.at(target).named(name)));
        } catch (InvalidImageReferenceException e) {
            throw new ReleaseException.Usage(name + ": not an image name");
        }
    }

    private void containerize(JibContainerBuilder image, ReleaseLayer layer, Containerizer target) throws IOException {
        FileEntriesLayer.Builder files = FileEntriesLayer.builder().setName(ReleaseLayer.TOOL);
        for (Map.Entry<String, byte[]> file : layer.files().entrySet()) {
            Path source = scratch.resolve("bundle").resolve(file.getKey());
            Files.createDirectories(source.getParent());
            Files.write(source, file.getValue());
            files.addEntry(new FileEntry(
                    source,
                    AbsoluteUnixPath.get(ReleaseLayer.FOLDER + file.getKey()),
                    READ_ONLY,
                    Instant.EPOCH,
                    OWNER));
        }
        image.setCreationTime(Instant.EPOCH).addFileEntriesLayer(files.build());
        layer.labels().forEach(image::addLabel);
        layer.variables().forEach(image::addEnvironmentVariable);
        ExecutorService threads = Executors.newCachedThreadPool();
        try {
            image.containerize(target.setToolName(ReleaseLayer.TOOL)
                    .setToolVersion(ReleaseLayer.LAYOUT_VERSION)
                    .setBaseImageLayersCache(scratch.resolve("base-layers"))
                    .setApplicationLayersCache(scratch.resolve("layers"))
                    .setExecutorService(threads));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        } catch (RegistryException | ExecutionException | CacheDirectoryCreationException e) {
            Throwable cause = e instanceof ExecutionException && e.getCause() != null ? e.getCause() : e;
            throw new IOException(cause.getMessage(), cause);
        } finally {
            threads.shutdownNow();
        }
    }
}
