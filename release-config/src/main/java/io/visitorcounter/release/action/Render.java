package io.visitorcounter.release.action;

import io.visitorcounter.release.Environment;
import io.visitorcounter.release.ReleaseException;
import io.visitorcounter.release.SmallFile;
import io.visitorcounter.release.config.ConfigFault;
import io.visitorcounter.release.config.Contract;
import io.visitorcounter.release.config.EnvironmentConfig;
import io.visitorcounter.release.config.EnvironmentFiles;
import io.visitorcounter.release.config.Explanation;
import io.visitorcounter.release.config.Rendering;
import io.visitorcounter.release.ledger.Snapshot;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Renders and checks environments' config, and writes nothing.
 *
 *  @param choice whose contract applies */
public record Render(Workspace workspace, ContractChoice choice) {

    private static final int MAX_CONTRACT_BYTES = 16 << 20;

    /** Whose contract applies to a config.
     *
     *  @param app the app image; empty: see file, or else the environment's newest release
     *  @param file a contract's own file
     *  @param noneIsFine whether there may be none */
    public record ContractChoice(Optional<String> app, Optional<Path> file, boolean noneIsFine) {}

    /** {@return the environment's config, rendered}
     *
     *  @throws ReleaseException.ConfigInvalid with everything that is wrong
     *  @throws ReleaseException.NotFound if it has no file */
    public Rendering.Rendered run(Environment environment) {
        // The files first: whoever mistypes an environment need not be told that it has no build.
        return rendered(read(workspace, environment), contract(environment));
    }

    /** {@return the environments, if all are valid}
     *
     *  @param environments which ones; empty: all that have a file
     *  @throws ReleaseException.NotFound if there is none */
    public CheckedEnvironments check(List<Environment> environments) {
        List<Environment> checked = environments.isEmpty() ? environments(workspace) : environments;
        if (checked.isEmpty()) {
            throw new ReleaseException.NotFound(workspace.environments()
                    + ": no environment to check; write one, such as dev.conf, or name the folder with --environments");
        }
        List<String> faults = new ArrayList<>();
        List<String> warnings = new ArrayList<>();
        for (Environment environment : checked) {
            try {
                run(environment).warnings().forEach(warning -> warnings.add(warning.toString()));
            } catch (ReleaseException.ConfigInvalid e) {
                e.faults().stream().filter(fault -> !faults.contains(fault)).forEach(faults::add);
            }
        }
        if (!faults.isEmpty()) {
            throw new ReleaseException.ConfigInvalid(faults);
        }
        return new CheckedEnvironments(checked, warnings);
    }

    /** Environments whose config is valid.
     *
     *  @param environments which ones
     *  @param warnings what is valid, but probably a mistake */
    public record CheckedEnvironments(List<Environment> environments, List<String> warnings) {}

    /** {@return the named contract, independent of any environment}
     *
     *  @throws ReleaseException.Usage if none was named */
    public Contract contract() {
        if (choice.app().isEmpty() && choice.file().isEmpty()) {
            throw new ReleaseException.Usage("release schema: expected a build or an environment with a release, got"
                    + " none; name the build with --app, or its contract with --contract");
        }
        return contract(new Environment("any"));
    }

    /** {@return the contract for an environment's config} */
    public Contract contract(Environment environment) {
        if (choice.file().isPresent()) {
            Path file = choice.file().get();
            try {
                return Contract.parse(SmallFile.read(file, MAX_CONTRACT_BYTES), file.toString());
            } catch (IOException e) {
                throw new ReleaseException.NotFound(
                        file + ": the contract can't be read: " + ReleaseException.reason(e));
            }
        }
        if (choice.app().isPresent()) {
            String app = choice.app().get();
            return AppContract.of(app, workspace.images().find(app).image(), choice.noneIsFine());
        }
        Snapshot history = workspace.ledger().readOrEmpty();
        return history.last(environment)
                .map(release -> new RecordedRelease(history, release).contract())
                .orElseThrow(() -> new ReleaseException.Usage(environment
                        + ": no release yet that could say which config its build understands; name the build with"
                        + " --app, or its contract with --contract"));
    }

    /** {@return where the value of a key comes from}
     *
     *  @param environment whose config
     *  @param key such as {@code redis.port}
     *  @throws ReleaseException.NotFound if the environment has no file, or there is no such key */
    public Explanation explain(Environment environment, String key) {
        return read(workspace, environment).explain(contract(environment), key);
    }

    private static ReleaseException noFolder(Workspace workspace) {
        return new ReleaseException.NotFound(
                workspace.environments() + ": expected a folder with the environments' files,"
                        + " got none that can be read; name it with --environments");
    }

    static Rendering.Rendered rendered(EnvironmentConfig files, Contract contract) {
        Rendering rendering = files.render(contract);
        if (rendering instanceof Rendering.Rendered rendered) {
            return rendered;
        }
        throw new ReleaseException.ConfigInvalid(((Rendering.Invalid) rendering)
                .faults().stream().map(ConfigFault::toString).toList());
    }

    static EnvironmentConfig read(Workspace workspace, Environment environment) {
        try {
            return new EnvironmentFiles(workspace.environments()).read(environment);
        } catch (UncheckedIOException e) {
            throw noFolder(workspace);
        }
    }

    static List<Environment> environments(Workspace workspace) {
        try {
            return new EnvironmentFiles(workspace.environments()).environments();
        } catch (UncheckedIOException e) {
            throw noFolder(workspace);
        }
    }
}
