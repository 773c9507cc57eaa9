package io.visitorcounter.release.ledger;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;

/** A bare repository, as a team would create it for its ledger. */
public final class BareRepository {

    private BareRepository() {}

    /** {@return the repository's folder}
     *
     *  @param folder does not exist yet */
    public static Path create(Path folder) {
        try {
            GitSystemReader.use();
            LocalRepository.initialise(folder);
            return folder;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
