package io.visitorcounter.release.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.visitorcounter.release.ReleaseException;
import io.visitorcounter.release.action.EntrySignature;
import io.visitorcounter.release.action.Verify;
import java.util.Optional;

final class VerifyCommand extends Command {

    private final OneRelease on =
            OneRelease.optional(this, "The environment, and the release. Default: all of its releases");
    private final Input<Boolean> all = flag("--all", "Every environment");
    private final Input<Boolean> offline = flag("--offline", "From the ledger only; the default");
    private final Input<Boolean> deep =
            flag("--deep", "Read every blob from the registry or the tar, and check its digest");
    private final Input<Boolean> reproduce = flag("--reproduce", "Render the config again from the recorded commit");

    VerifyCommand() {
        super(
                "Check the history, the bundles and the images against what was released. Exits with 5 if they differ.",
                "From the ledger only (--offline, the default): every entry contains the digest of the one before, each",
                "release image has its app image's layers and one more with only the bundle, and each bundle fits its build's",
                "contract. Signatures are checked against allowed_signers, in the folder of the environments' files. --deep",
                "also checks the digest of every stored byte; --reproduce renders the config again.",
                "",
                "Examples:",
                "  release verify --all",
                "  release verify prod@v12 --deep --reproduce");
    }

    @Override
    Output run(Session session) {
        Optional<Target> one = on.given();
        if (all.value() == one.isPresent()) {
            throw new ReleaseException.Usage("release verify: expected an environment or --all, got "
                    + (all.value() ? "both" : "none") + "; see release verify --help");
        }
        if (offline.value() && deep.value()) {
            throw new ReleaseException.Usage("release verify: expected --offline or --deep, got both");
        }
        Verify.Verified verified = new Verify(session.workspace())
                .run(new Verify.Request(
                        one.map(Target::environment), one.flatMap(Target::version), deep.value(), reproduce.value()));
        verified.notes().forEach(session.printer()::note);
        var json = Output.document("Verified")
                .put("entries", verified.entries())
                .put("deploymentEntries", verified.deployments());
        var list = json.putArray("releases");
        verified.releases().forEach(release -> list.add(release.id().toString()));
        verified.notes().forEach(json.putArray("notes")::add);
        signatures(verified, json.putArray("signatures"));
        return Output.of(json, printer -> print(printer, verified));
    }

    private void print(Printer printer, Verify.Verified verified) {
        printer.line("verified  " + count(verified.releases().size(), "release", "releases") + ", a chain of "
                + count(verified.entries(), "entry", "entries")
                + (verified.deployments() == 0
                        ? ""
                        : ", deployments in another of " + count(verified.deployments(), "entry", "entries"))
                + (deep.value() ? ", every stored byte" : "")
                + (reproduce.value() && verified.notes().isEmpty() ? ", config rendered again" : ""));
        verified.vouched()
                .ifPresent(signature -> printer.line("signed    up to entry "
                        + signature.entry().sequence() + " of " + verified.entries() + ", "
                        + signature.entry().path() + ", by "
                        + signature.signer().orElseThrow().label()));
    }

    private static void signatures(Verify.Verified verified, ArrayNode list) {
        for (EntrySignature signature : verified.signatures()) {
            ObjectNode each = list.addObject()
                    .put("entry", signature.entry().path())
                    .put("key", signature.key())
                    .put("state", signature.state().word());
            signature.signer().ifPresent(line -> {
                each.put("principal", line.principals().get(0));
                each.put("name", line.keyName());
            });
        }
    }

    private static String count(int number, String one, String many) {
        return number + " " + (number == 1 ? one : many);
    }
}
