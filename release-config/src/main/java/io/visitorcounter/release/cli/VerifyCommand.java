package io.visitorcounter.release.cli;

import io.visitorcounter.release.ReleaseException;
import io.visitorcounter.release.action.Verify;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "verify",
        description = "Hold the history, the bundles and the images to what was released. Exits with 5 if they differ.",
        footer = {
            "",
            "From the ledger alone (--offline, the default): every entry names the digest of the one before, each",
            "release image has its app image's layers and one more with the bundle alone, and each bundle obeys its",
            "build's contract. --deep digests every stored byte too; --reproduce renders the config again.",
            "",
            "Examples:",
            "  release verify --all",
            "  release verify prod@v12 --deep --reproduce"
        })
final class VerifyCommand implements Callable<Integer> {

    private final ReleaseCommand top;

    @Parameters(
            arity = "0..1",
            paramLabel = "ENV[@vN]",
            converter = Target.Converter.class,
            description = "The environment, and the release. Default: all of its releases")
    @Nullable Target target;

    @Option(names = "--all", description = "Every environment")
    boolean all;

    @Option(names = "--offline", description = "From the ledger alone; the default")
    boolean offline;

    @Option(names = "--deep", description = "Read every blob from the registry or the tar, and digest it")
    boolean deep;

    @Option(names = "--reproduce", description = "Render the config again from the recorded commit")
    boolean reproduce;

    VerifyCommand(ReleaseCommand top) {
        this.top = top;
    }

    @Override
    public Integer call() {
        if (all == (target != null)) {
            throw new ReleaseException.Usage("release verify: expected an environment or --all, got "
                    + (all ? "both" : "none") + "; see release verify --help");
        }
        if (offline && deep) {
            throw new ReleaseException.Usage("release verify: expected --offline or --deep, got both");
        }
        Optional<Target> one = Optional.ofNullable(target);
        Verify.Verified verified = new Verify(top.site())
                .run(new Verify.Request(one.map(Target::environment), one.flatMap(Target::version), deep, reproduce));
        Printer printer = new Printer(top);
        verified.notes().forEach(printer::note);
        if (printer.isJson()) {
            var json = printer.object("Verified").put("entries", verified.entries());
            var list = json.putArray("releases");
            verified.releases().forEach(release -> list.add(release.id().toString()));
            var notes = json.putArray("notes");
            verified.notes().forEach(notes::add);
            printer.json(json);
        } else {
            printer.line("verified  " + count(verified.releases().size(), "release", "releases") + ", a chain of "
                    + count(verified.entries(), "entry", "entries") + (deep ? ", every stored byte" : "")
                    + (reproduce && verified.notes().isEmpty() ? ", config rendered again" : ""));
        }
        return ExitCode.DONE.code();
    }

    private static String count(int number, String one, String many) {
        return number + " " + (number == 1 ? one : many);
    }
}
