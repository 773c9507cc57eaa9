package io.visitorcounter.release.cli;

import io.visitorcounter.release.Environment;
import io.visitorcounter.release.ReleaseException;
import io.visitorcounter.release.action.Render;
import io.visitorcounter.release.config.Bundle;
import io.visitorcounter.release.config.Rendering;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

final class RenderCommand extends Command {

    private final Input<Environment> on = environment();
    private final ContractOptions contract = new ContractOptions(this);
    private final Input<Path> to = option("--to", "FOLDER", Path.class, "Write the bundle's files there instead");

    RenderCommand() {
        super(
                "Print an environment's config as a release would contain it, and release nothing.",
                "Examples:",
                "  release render prod",
                "  release render prod --to /tmp/bundle");
    }

    @Override
    int run(Session session) {
        Rendering.Rendered rendered = new Render(session.workspace(), contract.choice(session)).run(on.value());
        Bundle bundle = rendered.bundle();
        Printer printer = session.printer();
        rendered.warnings().forEach(warning -> printer.note("warning: " + warning));
        to.given().map(session::path).ifPresent(folder -> write(bundle, folder));
        if (printer.isJson()) {
            var json = printer.object("Bundle")
                    .put("environment", on.value().name())
                    .put("bundleDigest", bundle.digest().text())
                    .put("contractDigest", bundle.contractDigest().text());
            var files = json.putObject("files");
            bundle.files().forEach((name, bytes) -> files.put(name, new String(bytes, StandardCharsets.UTF_8)));
            printer.json(json);
        } else if (to.given().isEmpty()) {
            printer.content(new String(bundle.files().get(Bundle.APP_CONF), StandardCharsets.UTF_8).stripTrailing());
            printer.note("bundle   " + bundle.digest());
        } else {
            printer.line(bundle.digest().text());
        }
        return ExitCode.DONE.code();
    }

    private static void write(Bundle bundle, Path folder) {
        try {
            bundle.writeTo(folder);
        } catch (IOException e) {
            throw new ReleaseException.Unreachable(folder + ": can't be written: " + ReleaseException.reason(e), e);
        }
    }
}
