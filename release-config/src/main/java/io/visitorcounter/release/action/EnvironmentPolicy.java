package io.visitorcounter.release.action;

import io.visitorcounter.release.Environment;
import io.visitorcounter.release.ReleaseException;
import io.visitorcounter.release.config.EnvironmentConfig;
import io.visitorcounter.release.config.Policy;
import java.nio.file.Files;
import java.util.Optional;

/** What an environment's file requires; nothing if it has no file. */
final class EnvironmentPolicy {

    private EnvironmentPolicy() {}

    /** {@return the policy that gates enforce}
     *
     *  @throws ReleaseException.ConfigInvalid with everything that is wrong in the files, since an unreadable part may
     *      require more */
    static Policy required(Workspace workspace, Environment environment) {
        Optional<EnvironmentConfig> files = files(workspace, environment);
        files.map(EnvironmentConfig::faultTexts)
                .filter(faults -> !faults.isEmpty())
                .ifPresent(faults -> {
                    throw new ReleaseException.ConfigInvalid(faults);
                });
        return policy(files);
    }

    /** {@return what could be read of it, for commands that must work even with a broken file: freeze, back out,
     *  look} */
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
