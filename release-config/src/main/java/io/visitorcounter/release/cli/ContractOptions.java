package io.visitorcounter.release.cli;

import io.visitorcounter.release.action.Render;
import java.nio.file.Path;

/** The options that choose the contract for a config. */
final class ContractOptions {

    private final Input<String> app;
    private final Input<Path> contract;
    private final Input<Boolean> noContract;

    ContractOptions(Command of) {
        app = of.option(
                "--app",
                "IMAGE",
                "The build whose contract applies. Default: $RELEASE_APP, or the build of the newest release");
        contract = of.option("--contract", "FILE", Path.class, "A contract's file, instead of a build's contract");
        noContract = of.flag("--no-contract", "Accept a build that carries no contract; its config is unchecked");
    }

    Render.ContractChoice choice(Session session) {
        return new Render.ContractChoice(session.app(app), contract.given().map(session::path), noContract.value());
    }
}
