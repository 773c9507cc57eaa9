package io.visitorcounter.release.action;

import io.visitorcounter.release.ledger.Release;
import java.util.List;
import java.util.Optional;

/** The result of an action that makes a release. */
public sealed interface ActionResult {

    /** {@return the release that the environment has now, or would have} */
    Release release();

    /** {@return what is valid, but probably a mistake} */
    default List<String> warnings() {
        return List.of();
    }

    /** {@return who signed it, or would; empty if nothing is signed} */
    default Optional<String> signer() {
        return Optional.empty();
    }

    /** {@return the approvals that it needs; empty if it needs none} */
    default Optional<AskedApprovals> approvals() {
        return Optional.empty();
    }

    /** There is a new release.
     *
     *  @param release as appended */
    record Released(Release release, List<String> warnings, Optional<String> signer) implements ActionResult {}

    /** The environment already has exactly this content.
     *
     *  @param release the one it has */
    record Unchanged(Release release) implements ActionResult {}

    /** The environment's newest release is a rollback that stays, although the files differ from it.
     *
     *  @param release the rollback */
    record Kept(Release release) implements ActionResult {}

    /** A dry run: there would be a new release; nothing was written.
     *
     *  @param release what would be appended, unless another release comes first */
    record Predicted(
            Release release, List<String> warnings, Optional<String> signer, Optional<AskedApprovals> approvals)
            implements ActionResult {}
}
