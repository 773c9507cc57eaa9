package io.visitorcounter.release.config;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Config files in a folder on disk. */
record FolderSource(Path folder) implements ConfigSource {

    FolderSource {
        folder = folder.toAbsolutePath().normalize();
    }

    @Override
    public String name() {
        Path last = folder.getFileName();
        return last == null ? folder.toString() : last.toString();
    }

    @Override
    public List<String> names() throws IOException {
        if (!Files.isDirectory(folder)) {
            throw new IOException("expected a folder, got " + (Files.exists(folder) ? "a file" : "none"));
        }
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.filter(entry -> !Files.isDirectory(entry))
                    .map(entry -> folder.relativize(entry).toString())
                    .sorted()
                    .toList();
        }
    }

    @Override
    public Optional<byte[]> read(String path) throws IOException {
        Path file = folder.resolve(path);
        if (!Files.exists(file) && !Files.isSymbolicLink(file)) {
            return Optional.empty();
        }
        Path real = realPath(file);
        if (!real.startsWith(folder.toRealPath())) {
            throw new IOException("is a link that leads out of " + name());
        }
        // A pipe or a device would block, or never end.
        if (!Files.isRegularFile(real)) {
            throw new IOException("is not a file");
        }
        if (!Files.isReadable(real)) {
            throw new IOException("can't be read: permission denied");
        }
        try (InputStream in = Files.newInputStream(real)) {
            return Optional.of(in.readNBytes(MAX_FILE_BYTES + 1));
        }
    }

    private static Path realPath(Path file) throws IOException {
        try {
            return file.toRealPath();
        } catch (NoSuchFileException nothing) {
            throw new IOException("is a link to nothing", nothing);
        } catch (FileSystemException loop) {
            throw new IOException("is a link that leads nowhere", loop);
        }
    }
}
