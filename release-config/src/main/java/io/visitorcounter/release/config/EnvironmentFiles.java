package io.visitorcounter.release.config;

import io.visitorcounter.release.Environment;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;

/** The team's config: a folder of HOCON files, one for each environment. A file at the top is that of the environment it
 *  is named after, but for {@code base.conf}, which others include; further pieces to include lie in folders within.
 *  Each has an {@code app} part, which the contract of the build judges, and a {@code release} part, the {@link Policy}.
 *  Read anew by each call. */
public final class EnvironmentFiles {

    private static final String SUFFIX = ".conf";
    private static final String SHARED = "base.conf";

    private final ConfigSource source;

    /** The files in a folder.
     *
     *  @param folder such as {@code release-config/environments} */
    public EnvironmentFiles(Path folder) {
        this(ConfigSource.folder(folder));
    }

    /** The files of any source, such as those of a commit.
     *
     *  @param source where they are read from */
    public EnvironmentFiles(ConfigSource source) {
        this.source = source;
    }

    /** {@return the environments that have a file, sorted by name}
     *
     *  @throws UncheckedIOException if the folder can't be listed */
    public List<Environment> environments() {
        try {
            return source.names().stream()
                    .filter(name -> name.endsWith(SUFFIX) && !name.equals(SHARED))
                    .map(name -> name.substring(0, name.length() - SUFFIX.length()))
                    .filter(Environment::isValid)
                    .map(Environment::new)
                    .sorted()
                    .toList();
        } catch (IOException unlisted) {
            throw new UncheckedIOException(source.name() + ": can't be listed", unlisted);
        }
    }

    /** Renders an environment's config for a build.
     *
     *  @param environment whose file is read, with all it includes
     *  @param contract what the build understands
     *  @return the bundle, or everything that is wrong
     *  @throws NoSuchEnvironmentException if it has no file
     *  @throws UncheckedIOException if the folder can't be read */
    public Rendering render(Environment environment, Contract contract) {
        List<Environment> known = environments();
        if (!known.contains(environment)) {
            throw new NoSuchEnvironmentException(source.name(), environment, known);
        }
        return new Renderer(source, known, environment, contract).render();
    }
}
