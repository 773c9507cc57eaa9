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
import io.visitorcounter.release.Digest;
import io.visitorcounter.release.ReleaseException;
import io.visitorcounter.release.Scratch;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.zip.GZIPOutputStream;

/** One build of a release image with Jib: the app image and one layer. Nothing of the machine or the hour is in it.
 *
 *  <p>Jib is given a stand-in of the app image, its config with empty layers, because of the app's layers only the
 *  digests go into a release image: so a build reads and moves none of them, wherever the app image is. */
final class JibBuild {

    private static final String OWNER = "0:0";
    private static final FilePermissions READ_ONLY = FilePermissions.fromOctalString("444");

    private JibBuild() {}

    /** A release image that is nowhere yet.
     *
     *  @param image manifest and config
     *  @param layer the bytes of its last layer; all others are the app image's */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Built(Image image, byte[] layer) {}

    /** {@return the release image, checked}
     *
     *  @param app manifest and config of the app image
     *  @param layer what is added */
    static Built make(Image app, ReleaseLayer layer) {
        try {
            Path scratch = Files.createTempDirectory("release-");
            try {
                Path base = scratch.resolve("app.tar");
                Path target = scratch.resolve("release.tar");
                standIn(app, base);
                containerize(base, layer, target, scratch);
                return built(app, layer, target);
            } finally {
                Scratch.delete(scratch);
            }
        } catch (IOException e) {
            throw new ReleaseException.Unreachable("release image: can't be made: " + e.getMessage(), e);
        }
    }

    private static void standIn(Image app, Path tar) throws IOException {
        ByteArrayOutputStream empty = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(empty)) {
            gzip.write(new byte[1024]);
        }
        ImageTar.writeStandIn(tar, app.config(), app.layers().size(), empty.toByteArray());
    }

    private static Built built(Image app, ReleaseLayer layer, Path tar) throws IOException {
        int last = app.layers().size();
        byte[] bytes;
        try (InputStream in = ImageArchive.layer(tar, "release image", last)) {
            bytes = in.readAllBytes();
        }
        List<Image.Blob> layers = new ArrayList<>();
        app.layers().forEach(each -> layers.add(new Image.Blob(each.digest(), each.size())));
        layers.add(new Image.Blob(Digest.of(bytes), bytes.length));
        byte[] config = ImageArchive.config(tar, "release image");
        Image image = Image.derived("release image", config, layers);
        List<String> faults = ReleaseImageCheck.faults(image, app, layer);
        if (!faults.isEmpty()) {
            throw new ReleaseException.VerificationFailed(faults);
        }
        return new Built(image, bytes);
    }

    private static void containerize(Path base, ReleaseLayer layer, Path target, Path scratch) throws IOException {
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
        ExecutorService threads = Executors.newCachedThreadPool();
        try {
            JibContainerBuilder image = Jib.from(TarImage.at(base))
                    .setFormat(ImageFormat.Docker)
                    .setCreationTime(Instant.EPOCH)
                    .addFileEntriesLayer(files.build());
            layer.labels().forEach(image::addLabel);
            layer.variables().forEach(image::addEnvironmentVariable);
            // A cache of earlier builds would be trusted by name, so each build has its own.
            image.containerize(Containerizer.to(TarImage.at(target).named("release:" + layer.tag()))
                    .setToolName(ReleaseLayer.TOOL)
                    .setToolVersion(ReleaseLayer.LAYOUT_VERSION)
                    .setBaseImageLayersCache(scratch.resolve("base-layers"))
                    .setApplicationLayersCache(scratch.resolve("layers"))
                    .setExecutorService(threads));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        } catch (RegistryException
                | ExecutionException
                | CacheDirectoryCreationException
                | InvalidImageReferenceException e) {
            Throwable cause = e instanceof ExecutionException && e.getCause() != null ? e.getCause() : e;
            throw new IOException(cause.getMessage(), cause);
        } finally {
            threads.shutdownNow();
        }
    }
}
