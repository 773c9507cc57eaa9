package io.visitorcounter.release.config;

import io.visitorcounter.release.Environment;
import io.visitorcounter.release.ReleaseException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;

/** The team's config: a folder of HOCON files, one for each environment. A file at the top is that of the environment it
 *  is named after, but for {@code base.conf}, which others include; further pieces to include lie in folders within.
 *  Each has an {@code app} part, which the contract of the build validates, and a {@code release} part, the {@link Policy}.
 *  Each call reads them again.
 *
 *  @param source the folder that they are read from, or the tree of a commit */
public record EnvironmentFiles(ConfigSource source) {

    static final String SUFFIX = ".conf";
    static final String SHARED = "base.conf";

    /** The files in a folder.
     *
     *  @param folder such as {@code release-config/environments} */
    public EnvironmentFiles(Path folder) {
        this(ConfigSource.folder(folder));
    }

    /** {@return the environments that have a file, sorted by name}
     *
     *  @throws UncheckedIOException if the folder can't be listed */
    public List<Environment> environments() {
        return environments(names());
    }

    private static List<Environment> environments(List<String> names) {
        return names.stream()
                .filter(name -> !name.equals(SHARED))
                .map(EnvironmentFiles::stem)
                .filter(Environment::isValid)
                .map(Environment::new)
                .sorted()
                .toList();
    }

    /** Renders an environment's config for a build.
     *
     *  @return the bundle, or everything that is wrong
     *  @throws ReleaseException.NotFound if it has no file
     *  @throws UncheckedIOException if the folder can't be read */
    public Rendering render(Environment environment, Contract contract) {
        return read(environment).render(contract);
    }

    /** Reads an environment's files, for any build.
     *
     *  @return what they say, not validated yet
     *  @throws ReleaseException.NotFound if it has no file
     *  @throws UncheckedIOException if the folder can't be read */
    public EnvironmentConfig read(Environment environment) {
        List<String> names = names();
        List<Environment> known = environments(names);
        if (!known.contains(environment)) {
            throw new ReleaseException.NotFound(
                    source.name() + ": " + environment + ": no such environment" + hint(environment, names, known));
        }
        return new EnvironmentConfig(source, names, known, environment);
    }

    private String hint(Environment asked, List<String> files, List<Environment> known) {
        String file = asked + SUFFIX;
        String all = known.isEmpty()
                ? "; there are none"
                : "; there are " + known.stream().map(Environment::name).collect(Collectors.joining(", "));
        if (file.equals(SHARED)) {
            return ": " + file + " is what the files of environments include" + all;
        }
        return files.stream()
                .filter(file::equalsIgnoreCase)
                .findFirst()
                .map(near -> "; rename " + source.name() + "/" + near + " to " + file)
                .orElse(known.isEmpty() ? all + ", so write " + source.name() + "/" + file : all);
    }

    private List<String> names() {
        try {
            return source.names().stream().filter(name -> name.endsWith(SUFFIX)).toList();
        } catch (IOException unlisted) {
            throw new UncheckedIOException(source.name() + ": " + unlisted.getMessage(), unlisted);
        }
    }

    /** The name of the environment that a file is named after; it may be invalid. */
    static String stem(String name) {
        return name.substring(0, name.length() - SUFFIX.length());
    }
}
