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
    Output run(Session session) {
        Rendering.Rendered rendered = new Render(session.workspace(), contract.choice(session)).run(on.value());
        Bundle bundle = rendered.bundle();
        rendered.warnings().forEach(warning -> session.printer().warning(warning.toString()));
        to.given().map(session::path).ifPresent(folder -> write(bundle, folder));
        var json = Output.document("Bundle")
                .put("environment", on.value().name())
                .put("bundleDigest", bundle.digest().text())
                .put("contractDigest", bundle.contractDigest().text());
        var files = json.putObject("files");
        bundle.files().forEach((name, bytes) -> files.put(name, new String(bytes, StandardCharsets.UTF_8)));
        return Output.of(json, printer -> {
            if (to.given().isPresent()) {
                printer.line(bundle.digest().text());
            } else {
                printer.content(files.path(Bundle.APP_CONF).asText().stripTrailing());
                printer.note("bundle   " + bundle.digest());
            }
        });
    }

    private static void write(Bundle bundle, Path folder) {
        try {
            bundle.writeTo(folder);
        } catch (IOException e) {
            throw new ReleaseException.Unreachable(folder + ": can't be written: " + ReleaseException.reason(e), e);
        }
    }
}
