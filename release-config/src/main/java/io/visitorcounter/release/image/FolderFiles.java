package io.visitorcounter.release.image;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** The files of an image in a folder. */
final class FolderFiles extends ImageFiles {

    private final Path folder;

    FolderFiles(Path folder, String where) throws IOException {
        super(where);
        this.folder = folder.toRealPath();
    }

    @Override
    boolean has(String name) throws IOException {
        return file(name).isPresent();
    }

    @Override
    Optional<InputStream> open(String name) throws IOException {
        Optional<Path> file = file(name);
        return file.isEmpty() ? Optional.empty() : Optional.of(Files.newInputStream(file.get()));
    }

    private Optional<Path> file(String name) throws IOException {
        Path file = folder.resolve(name);
        if (!Files.isRegularFile(file)) {
            return Optional.empty();
        }
        if (!file.toRealPath().startsWith(folder)) {
            throw invalid(name + " leads out of the folder");
        }
        return Optional.of(file);
    }

    @Override
    public void close() {
        // Each file is closed by its opener.
    }
}
