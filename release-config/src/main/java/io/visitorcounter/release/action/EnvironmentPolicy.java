package io.visitorcounter.release.action;

import io.visitorcounter.release.Environment;
import io.visitorcounter.release.ReleaseException;
import io.visitorcounter.release.config.EnvironmentConfig;
import io.visitorcounter.release.config.Policy;
import java.nio.file.Files;
import java.util.Optional;

/** What an environment's file asks; nothing where it has none. */
final class EnvironmentPolicy {

    private EnvironmentPolicy() {}

    /** {@return what a gate goes by}
     *
     *  @throws ReleaseException.ConfigInvalid with everything that is wrong in the files, since what could not be read of them
     *      may ask for more */
    static Policy required(Workspace workspace, Environment environment) {
        Optional<EnvironmentConfig> files = files(workspace, environment);
        files.map(EnvironmentConfig::faultTexts)
                .filter(faults -> !faults.isEmpty())
                .ifPresent(faults -> {
                    throw new ReleaseException.ConfigInvalid(faults);
                });
        return policy(files);
    }

    /** {@return what could be read of it, for what must go on while a file is broken: to freeze, to back out, to look} */
    static Policy readable(Workspace workspace, Environment environment) {
        return policy(files(workspace, environment));
    }

    private static Policy policy(Optional<EnvironmentConfig> files) {
        return files.map(EnvironmentConfig::policy).orElseGet(Policy::open);
    }

    private static Optional<EnvironmentConfig> files(Workspace workspace, Environment environment) {
        return Files.isDirectory(workspace.environments())
                        && Render.environments(workspace).contains(environment)
                ? Optional.of(Render.read(workspace, environment))
                : Optional.empty();
    }
}
