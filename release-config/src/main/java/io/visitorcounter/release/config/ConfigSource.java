package io.visitorcounter.release.config;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** The source of environment files: a folder, or the tree of a commit. */
public interface ConfigSource {

    /** The maximum size of a config file. */
    int MAX_FILE_BYTES = 1 << 18;

    /** {@return the folder's name in errors, such as {@code environments}} */
    String name();

    /** {@return the names of the top-level files, sorted; not those in subfolders}
     *
     *  @throws IOException if the folder can't be listed */
    List<String> names() throws IOException;

    /** {@return a file's bytes, at most {@link #MAX_FILE_BYTES} + 1 of them; empty if there is no such file}
     *
     *  @param path relative, separated by {@code /}, without {@code .} and {@code ..}
     *  @throws IOException if it can't be read; its reason says why, without the path */
    Optional<byte[]> read(String path) throws IOException;

    /** {@return the files of a folder on disk; links that lead out of it are not followed}
     *
     *  @param folder such as {@code release-config/environments} */
    static ConfigSource folder(Path folder) {
        return new FolderSource(folder);
    }

    /** {@return files that were already read, such as those of a commit}
     *
     *  @param name as in {@link #name()}
     *  @param files path within the folder to bytes */
    static ConfigSource of(String name, Map<String, byte[]> files) {
        SortedMap<String, byte[]> sorted = new TreeMap<>(files);
        return new ConfigSource() {
            @Override
            public String name() {
                return name;
            }

            @Override
            public List<String> names() {
                return sorted.keySet().stream()
                        .filter(path -> !path.contains("/"))
                        .toList();
            }

            @Override
            public Optional<byte[]> read(String path) {
                return Optional.ofNullable(sorted.get(path)).map(byte[]::clone);
            }
        };
    }
}
