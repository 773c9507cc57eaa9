package io.visitorcounter.release.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import org.eclipse.jgit.api.Git;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.storage.file.FileRepositoryBuilder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What git knows of the environments' files, wherever its repository begins. */
class ConfigFolderTest {

    @TempDir
    Path folder;

    private Path write(String name, String text) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        return Files.writeString(file, text);
    }

    private void commit(Path top) throws Exception {
        GitSystemReader.use();
        try (Repository repository =
                        new FileRepositoryBuilder().setWorkTree(top.toFile()).build();
                Git git = new Git(repository)) {
            if (!Files.exists(top.resolve(".git"))) {
                repository.create();
            }
            git.add().addFilepattern(".").call();
            git.commit()
                    .setMessage("config")
                    .setAuthor("Ada", "")
                    .setCommitter("Ada", "")
                    .setSign(false)
                    .call();
        }
    }

    @Test
    void theTopOfItsOwnRepositoryIsClean() throws Exception {
        write("prod.conf", "app {}\n");
        commit(folder);

        ConfigFolder.ConfigState state = ConfigFolder.state(folder, Set.of("prod.conf"));

        assertThat(state.changes()).isEmpty();
        assertThat(state.recorded())
                .hasValueSatisfying(config -> assertThat(config.clean()).isTrue());
    }

    @Test
    void onlyWhatTheEnvironmentIncludesCountsAndIsNamed() throws Exception {
        write("environments/prod.conf", "app {}\n");
        write("environments/base.conf", "app {}\n");
        write("environments/gone.conf", "app {}\n");
        commit(folder);
        write("environments/base.conf", "app { a = 1 }\n");
        write("environments/prod.conf~", "scratch");
        write("environments/dev.conf", "app {}\n");
        Files.delete(folder.resolve("environments/gone.conf"));

        Path environments = folder.resolve("environments");
        assertThat(ConfigFolder.state(environments, Set.of("prod.conf")).changes())
                .containsExactly("gone.conf (deleted)");
        assertThat(ConfigFolder.state(environments, Set.of("prod.conf", "base.conf", "dev.conf"))
                        .changes())
                .containsExactly("base.conf (changed)", "dev.conf (not in the commit)", "gone.conf (deleted)");
    }

    @Test
    void lineEndsThatDifferAreCalledThat() throws Exception {
        write("environments/prod.conf", "app {}\n");
        commit(folder);
        write("environments/prod.conf", "app {}\r\n");

        assertThat(ConfigFolder.state(folder.resolve("environments"), Set.of("prod.conf"))
                        .changes())
                .containsExactly("prod.conf (line ends differ from the commit)");
    }

    @Test
    void whereThereIsNoCommitItIsSaidWhy() throws Exception {
        write("environments/prod.conf", "app {}\n");
        Path environments = folder.resolve("environments");
        assertThat(ConfigFolder.state(environments, Set.of("prod.conf")).noCommit())
                .isEqualTo("files of no git repository");

        try (Repository repository =
                new FileRepositoryBuilder().setWorkTree(folder.toFile()).build()) {
            repository.create();
        }
        assertThat(ConfigFolder.state(environments, Set.of("prod.conf")).noCommit())
                .isEqualTo("files of a git repository without a commit");

        Files.writeString(
                folder.resolve(".git/config"),
                "[core]\n\trepositoryformatversion = 1\n[extensions]\n\tobjectformat = sha256\n");
        assertThat(ConfigFolder.state(environments, Set.of("prod.conf")).noCommit())
                .isEqualTo("a repository in git's sha256 format, which this tool can't read");
    }

    @Test
    void ofALargeFileOfACommitOnlyItsBeginningIsRead() throws Exception {
        write("prod.conf", "app {}\n");
        write("large.conf", "#".repeat(17 << 20));
        commit(folder);
        String commit = ConfigFolder.state(folder, Set.of()).commit().orElseThrow();

        Map<String, byte[]> files = ConfigFolder.files(folder, commit, 1000).orElseThrow();

        assertThat(files.get("prod.conf")).asString().isEqualTo("app {}\n");
        assertThat(files.get("large.conf")).hasSize(1000);
    }
}
