package io.visitorcounter.release.action;

import io.visitorcounter.release.Environment;
import io.visitorcounter.release.ReleaseException;
import io.visitorcounter.release.config.EnvironmentFiles;
import io.visitorcounter.release.config.Policy;
import java.nio.file.Files;
import java.util.List;

/** What an environment's file asks; nothing where it has none. */
final class EnvironmentPolicy {

    private EnvironmentPolicy() {}

    /** {@return what a gate goes by}
     *
     *  @throws ReleaseException.ConfigInvalid with everything that is wrong in the files, since what could not be read of them
     *      may ask for more */
    static Policy required(Workspace workspace, Environment environment) {
        Policy.Found found = found(workspace, environment);
        if (!found.faults().isEmpty()) {
            throw new ReleaseException.ConfigInvalid(
                    found.faults().stream().map(Object::toString).toList());
        }
        return found.policy();
    }

    /** {@return what could be read of it, for what must go on while a file is broken: to freeze, to back out, to look} */
    static Policy readable(Workspace workspace, Environment environment) {
        return found(workspace, environment).policy();
    }

    private static Policy.Found found(Workspace workspace, Environment environment) {
        return Files.isDirectory(workspace.environments())
                        && Render.environments(workspace).contains(environment)
                ? new EnvironmentFiles(workspace.environments()).policy(environment)
                : new Policy.Found(Policy.open(), List.of());
    }
}
