package io.visitorcounter.release.action;

import io.visitorcounter.release.Environment;
import io.visitorcounter.release.ReleaseException;
import io.visitorcounter.release.config.EnvironmentFiles;
import io.visitorcounter.release.config.Policy;
import io.visitorcounter.release.ledger.Entry;
import io.visitorcounter.release.ledger.HashChain;
import io.visitorcounter.release.ledger.Release;
import io.visitorcounter.release.ledger.Snapshot;
import java.nio.file.Files;
import java.util.List;
import java.util.Optional;

/** The gate before whatever uses a release: it must be signed as its environment's file asks. Where the file asks nothing,
 *  nothing is looked at. */
final class SignedRelease {

    private final Workspace workspace;
    private final Snapshot history;

    SignedRelease(Workspace workspace, Snapshot history) {
        this.workspace = workspace;
        this.history = history;
    }

    /** Throws unless the environment's newest release is signed as its file asks, and so is this one. One from before the
     *  first signature is fine if the chain, for which the newest signature vouches, still holds it.
     *
     *  @throws ReleaseException.Refused if it is not
     *  @throws ReleaseException.VerificationFailed if a signature or the chain is wrong */
    void require(Release release) {
        Environment environment = release.id().environment();
        List<String> principals = policy(environment).requireSignatureBy();
        if (principals.isEmpty()) {
            return;
        }
        SignatureCheck check = new SignatureCheck(history, workspace.signing().signers());
        Release newest = history.resolve(environment, Optional.empty());
        refuseUnsigned(check, newest, principals);
        if (!newest.equals(release) && !isSigned(check, release, principals)) {
            if (!check.of(release).isEmpty()) {
                refuseUnsigned(check, release, principals);
            }
            legacy(check, release, principals);
        }
    }

    private void legacy(SignatureCheck check, Release release, List<String> principals) {
        HashChain chain = HashChain.walk(history);
        if (!chain.faults().isEmpty()) {
            throw new ReleaseException.VerificationFailed(chain.faults());
        }
        List<Entry> older = chain.entries()
                .subList(chain.entries().indexOf(release), chain.entries().size());
        if (older.stream()
                .filter(each -> each.environment().equals(release.id().environment()))
                .anyMatch(each -> isSigned(check, each, principals))) {
            refuseUnsigned(check, release, principals);
        }
    }

    private static boolean isSigned(SignatureCheck check, Entry entry, List<String> principals) {
        return check.of(entry).stream().anyMatch(each -> each.isGoodFor(principals));
    }

    private static void refuseUnsigned(SignatureCheck check, Release release, List<String> principals) {
        List<EntrySignature> found = check.of(release);
        if (found.stream().anyMatch(each -> each.isGoodFor(principals))) {
            return;
        }
        String got = found.stream()
                .findFirst()
                .map(each -> each.fault()
                        .orElseGet(() -> "one by " + each.signer().orElseThrow().label()))
                .orElse("none");
        throw new ReleaseException.Refused(
                release.id().label() + ": expected a signature by " + String.join(" or ", principals) + ", got " + got);
    }

    /** {@return what an environment's file asks; nothing where it has none} */
    Policy policy(Environment environment) {
        return policy(workspace, environment);
    }

    /** {@return what an environment's file asks; nothing where it has none} */
    static Policy policy(Workspace workspace, Environment environment) {
        if (!Files.isDirectory(workspace.environments())
                || !Render.environments(workspace).contains(environment)) {
            return Policy.open();
        }
        return new EnvironmentFiles(workspace.environments())
                .policy(environment)
                .policy();
    }
}
