package io.visitorcounter.release.ledger;

import java.io.File;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.eclipse.jgit.lib.Config;

/** Git itself, which is needed for one thing: to run the hooks of a repository that a {@code file://} URL names. */
final class GitProgram {

    private static final List<String> HOOKS =
            List.of("pre-receive", "update", "proc-receive", "reference-transaction", "post-receive", "post-update");

    /** The shell command that receives a push, like git's own: without the variables that point to another repository,
     *  such as those set in a hook. */
    static final String RECEIVE_PACK =
            "unset GIT_DIR GIT_COMMON_DIR GIT_WORK_TREE GIT_IMPLICIT_WORK_TREE GIT_INDEX_FILE GIT_PREFIX GIT_NAMESPACE"
                    + " GIT_OBJECT_DIRECTORY GIT_ALTERNATE_OBJECT_DIRECTORIES GIT_QUARANTINE_PATH GIT_SHALLOW_FILE"
                    + " GIT_GRAFT_FILE GIT_NO_REPLACE_OBJECTS GIT_REPLACE_REF_BASE GIT_CONFIG GIT_CONFIG_PARAMETERS"
                    + " GIT_CONFIG_COUNT; exec git receive-pack";

    private GitProgram() {}

    /** {@return whether git is on the PATH} */
    static boolean isThere() {
        String path = System.getenv("PATH");
        return path != null
                && Arrays.stream(path.split(File.pathSeparator, -1))
                        .anyMatch(folder -> !folder.isEmpty() && Files.isExecutable(Path.of(folder, "git")));
    }

    /** {@return whether a push into this repository runs a hook}
     *
     *  @throws IOException if that can't be determined */
    static boolean hasHooks(Path repository, Config config) throws IOException {
        String chosen = config.getString("core", null, "hooksPath");
        Path folder = chosen == null ? repository.resolve("hooks") : repository.resolve(chosen);
        if (!Files.isDirectory(folder)) {
            return false;
        }
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
            for (Path file : files) {
                if (HOOKS.contains(String.valueOf(file.getFileName())) && Files.isExecutable(file)) {
                    return true;
                }
            }
        }
        return false;
    }
}
