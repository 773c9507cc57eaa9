package io.visitorcounter.release.image;

import io.visitorcounter.release.Digest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Map;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;

/** The tar of a release layer, the same bytes for the same layer, and the bytes that Jib would make of it. Its digest is
 *  the diff id that the release image must have, so that a bundle proves what is in a layer that is not here. */
final class LayerBytes {

    // With the bits that say folder and file, as Jib writes them.
    private static final int FOLDER_MODE = 040755;
    private static final int FILE_MODE = 0100444;

    // Of a folder that Jib adds by itself.
    private static final FileTime FOLDER_TIME = FileTime.from(Instant.ofEpochSecond(1));

    private LayerBytes() {}

    static Digest diffId(ReleaseLayer layer) {
        return Digest.of(tar(layer));
    }

    static byte[] tar(ReleaseLayer layer) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (TarArchiveOutputStream tar = new TarArchiveOutputStream(bytes, StandardCharsets.UTF_8.name())) {
            tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
            tar.setBigNumberMode(TarArchiveOutputStream.BIGNUMBER_POSIX);
            tar.setAddPaxHeadersForNonAsciiNames(true);
            String top = ReleaseLayer.FOLDER.substring(1);
            tar.putArchiveEntry(entry(top, FOLDER_MODE, FOLDER_TIME));
            tar.closeArchiveEntry();
            for (Map.Entry<String, byte[]> file : layer.files().entrySet()) {
                TarArchiveEntry entry = entry(top + file.getKey(), FILE_MODE, FileTime.from(Instant.EPOCH));
                entry.setSize(file.getValue().length);
                tar.putArchiveEntry(entry);
                tar.write(file.getValue());
                tar.closeArchiveEntry();
            }
        } catch (IOException e) {
            throw new IllegalStateException("memory can be written", e);
        }
        return bytes.toByteArray();
    }

    private static TarArchiveEntry entry(String name, int mode, FileTime time) {
        TarArchiveEntry entry = new TarArchiveEntry(name);
        entry.setMode(mode);
        entry.setLastModifiedTime(time);
        entry.setLastAccessTime(time);
        entry.setStatusChangeTime(time);
        entry.setCreationTime(time);
        entry.setUserId(0);
        entry.setGroupId(0);
        entry.setUserName("");
        entry.setGroupName("");
        return entry;
    }
}
