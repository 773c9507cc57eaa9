package io.visitorcounter.release.cli;

import io.visitorcounter.release.action.Render;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options that say whose contract judges a config. */
final class ContractOptions {

    @Option(
            names = "--app",
            paramLabel = "IMAGE",
            description = "The build whose contract judges. Default: $RELEASE_APP, or the build of the newest release")
    @Nullable String app;

    @Option(names = "--contract", paramLabel = "FILE", description = "A contract by itself, instead of a build's")
    @Nullable Path contract;

    @Option(names = "--no-contract", description = "Take a build that carries no contract; its config is unchecked")
    boolean noContract;

    Render.ContractChoice choice(ReleaseCommand top) {
        return new Render.ContractChoice(top.app(app), Optional.ofNullable(contract), noContract);
    }
}
