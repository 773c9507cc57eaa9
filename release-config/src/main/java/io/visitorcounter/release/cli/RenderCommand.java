package io.visitorcounter.release.cli;

import io.visitorcounter.release.ReleaseException;
import io.visitorcounter.release.action.Render;
import io.visitorcounter.release.config.Bundle;
import io.visitorcounter.release.config.Rendering;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "render",
        description = "Print an environment's config as a release would carry it, and release nothing.",
        footer = {"", "Examples:", "  release render prod", "  release render prod --to /tmp/bundle"})
final class RenderCommand implements Callable<Integer> {

    private final ReleaseCommand top;

    @Mixin
    OneEnvironment on = new OneEnvironment();

    @Mixin
    ContractOptions contract = new ContractOptions();

    @Option(names = "--to", paramLabel = "FOLDER", description = "Write the bundle's files there instead")
    @Nullable Path to;

    RenderCommand(ReleaseCommand top) {
        this.top = top;
    }

    @Override
    public Integer call() {
        Rendering.Rendered rendered = new Render(top.site(), contract.choice(top)).run(on.environment);
        Bundle bundle = rendered.bundle();
        Printer printer = new Printer(top);
        rendered.warnings().forEach(warning -> printer.note("warning: " + warning));
        if (to != null) {
            try {
                bundle.writeTo(to);
            } catch (IOException e) {
                throw new ReleaseException.Unreachable(to + ": can't be written: " + e.getMessage(), e);
            }
        }
        if (printer.isJson()) {
            var json = printer.object("Bundle")
                    .put("environment", on.environment.name())
                    .put("bundleDigest", bundle.digest().text())
                    .put("contractDigest", bundle.contractDigest().text());
            var files = json.putObject("files");
            bundle.files().forEach((name, bytes) -> files.put(name, new String(bytes, StandardCharsets.UTF_8)));
            printer.json(json);
        } else if (to == null) {
            printer.line(new String(bundle.files().get(Bundle.APP_CONF), StandardCharsets.UTF_8).stripTrailing());
            printer.note("bundle   " + bundle.digest());
        } else {
            printer.line(bundle.digest().text());
        }
        return ExitCode.DONE.code();
    }
}
