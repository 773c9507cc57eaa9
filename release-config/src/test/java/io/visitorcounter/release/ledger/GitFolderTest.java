package io.visitorcounter.release.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.visitorcounter.release.ReleaseException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.eclipse.jgit.internal.storage.file.FileRepository;
import org.eclipse.jgit.lib.RefDatabase;
import org.eclipse.jgit.lib.Repository;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is found of the branch in a repository of this machine. */
class GitFolderTest {

    @TempDir
    Path folder;

    private Path file;

    @BeforeEach
    void initialise() throws IOException {
        LocalRepository.initialise(folder);
        file = folder.resolve(Branch.RELEASES.ref());
        Files.createDirectories(file.getParent());
    }

    @Test
    void aBranchThatIsMadeJustAfterGitHasLookedIsNoneYet() throws IOException {
        try (Repository repository = new MeanwhileMade()) {
            assertThat(GitFolder.branch("ledger", repository, Branch.RELEASES)).isNull();
            assertThat(GitFolder.branch("ledger", repository, Branch.RELEASES)).isNotNull();
        }
    }

    @Test
    void aFileThatGitPassesOverIsADamagedBranch() throws IOException {
        write("");
        try (Repository repository = new FileRepository(folder.toFile())) {
            assertThatThrownBy(() -> GitFolder.branch("ledger", repository, Branch.RELEASES))
                    .isInstanceOf(ReleaseException.Unreachable.class)
                    .hasMessageStartingWith("ledger: the ledger can't be read: refs/heads/releases is damaged");
        }
    }

    private void write(String text) {
        try {
            Files.writeString(file, text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** One whose branch is there from the second look at its refs on. */
    private final class MeanwhileMade extends FileRepository {

        private int looks;

        MeanwhileMade() throws IOException {
            super(folder.toFile());
        }

        @Override
        public RefDatabase getRefDatabase() {
            looks++;
            if (looks == 2) {
                write("0123456789012345678901234567890123456789\n");
            }
            return super.getRefDatabase();
        }
    }
}
