package io.visitorcounter.release.image;

import io.visitorcounter.release.Digest;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;

/** A store of one image that has one layer with one entry, of any name and type. */
public final class OneLayerStore implements ImageStore {

    private final String name;
    private final byte type;
    private final Image image;
    private byte[] stored;
    private int opened;

    /** Makes the image.
     *
     *  @param name of the entry
     *  @param type as tar has it
     *  @param content of the entry */
    public OneLayerStore(String name, byte type, String content) {
        this.name = name;
        this.type = type;
        byte[] tar = tar(content);
        this.stored = zipped(tar);
        String config = "{\"history\":[{\"created_by\":\"jib-core:1\"}],\"rootfs\":{\"diff_ids\":[\"" + Digest.of(tar)
                + "\"]}}";
        this.image = Image.described(
                "image",
                config.getBytes(StandardCharsets.UTF_8),
                List.of(new Image.Blob(Digest.of(stored), stored.length)),
                Family.OCI);
    }

    /** {@return this, from now on with a layer of other content than the image says} */
    public OneLayerStore answering(String content) {
        stored = zipped(tar(content));
        return this;
    }

    /** {@return the image} */
    public Image image() {
        return image;
    }

    /** {@return how often the layer was opened} */
    public int opened() {
        return opened;
    }

    private byte[] tar(String content) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (TarArchiveOutputStream tar = new TarArchiveOutputStream(out)) {
            TarArchiveEntry entry = new TarArchiveEntry(name, type, true);
            entry.setLinkName(content.isEmpty() ? "/etc/passwd" : "");
            byte[] bytes = content.getBytes(StandardCharsets.UTF_8);
            entry.setSize(bytes.length);
            tar.putArchiveEntry(entry);
            tar.write(bytes);
            tar.closeArchiveEntry();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }

    private static byte[] zipped(byte[] plain) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
            gzip.write(plain);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }

    @Override
    public InputStream layer(String imageName, Image of, int index) {
        opened++;
        return new ByteArrayInputStream(stored);
    }

    @Override
    public PendingImage find(String reference) {
        throw new UnsupportedOperationException();
    }

    @Override
    public boolean isKept(String imageName, String tag, Digest digest) {
        return true;
    }

    @Override
    public void keep(Stored app, Stored release, Optional<byte[]> layer, String tag) {
        throw new UnsupportedOperationException();
    }

    @Override
    public PendingImage make(Stored app, ReleaseLayer layer) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void attach(String imageName, Image subject, List<Referrer> referrers, Runnable keeper) {
        throw new UnsupportedOperationException();
    }

    @Override
    public List<Referrer> unattached(String imageName, Image subject, List<Referrer> referrers) {
        return List.of();
    }

    @Override
    public List<byte[]> attached(String imageName, Image subject, String referrerType, List<Referrer> known) {
        return List.of();
    }

    @Override
    public Taken names(Optional<String> place, Image release, Image app, String tag) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void take(Optional<String> place, ReleaseArchive archive, Image app, String tag) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Image read(String imageName, Digest digest) {
        return image;
    }

    @Override
    public Optional<String> tagFault(String imageName, String tag, Digest digest) {
        return Optional.empty();
    }

    @Override
    public Optional<Path> file(String imageName) {
        return Optional.empty();
    }

    @Override
    public String state(Optional<String> place) {
        return "one image";
    }
}
