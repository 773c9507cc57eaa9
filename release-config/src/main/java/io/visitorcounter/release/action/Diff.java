package io.visitorcounter.release.action;

import io.visitorcounter.release.Environment;
import io.visitorcounter.release.ReleaseException;
import io.visitorcounter.release.config.ConfigChange;
import io.visitorcounter.release.ledger.Snapshot;
import java.util.List;
import java.util.Optional;

/** Compares two releases. */
public record Diff(Workspace workspace) {

    /** The differences between two releases.
     *
     *  @param older the first
     *  @param newer the second
     *  @param config the keys whose values differ */
    public record Difference(SourcedRelease older, SourcedRelease newer, List<ConfigChange> config) {

        /** {@return whether both have the same content} */
        public boolean isNone() {
            return config.isEmpty() && !isOtherBuild() && !isOtherContract();
        }

        /** {@return whether they have different builds} */
        public boolean isOtherBuild() {
            return !older.release().app().equals(newer.release().app());
        }

        /** {@return whether their builds understand different config} */
        public boolean isOtherContract() {
            return !older.release()
                    .content()
                    .contract()
                    .equals(newer.release().content().contract());
        }
    }

    /** {@return the differences between two releases}
     *
     *  @param before the first; empty: the last before the second
     *  @param after the second; empty: the newest
     *  @throws ReleaseException.NotFound if there are not two */
    public Difference run(Environment environment, Optional<Integer> before, Optional<Integer> after) {
        Snapshot history = workspace.ledger().read();
        RecordedRelease second = RecordedRelease.resolve(history, environment, after);
        int version = before.orElse(second.id().version() - 1);
        if (version < 1) {
            throw new ReleaseException.NotFound(second.id().label() + ": no release before it to tell it from");
        }
        RecordedRelease first = RecordedRelease.resolve(history, environment, Optional.of(version));
        return new Difference(
                SourcedRelease.of(history, first.release()),
                SourcedRelease.of(history, second.release()),
                ConfigChange.between(first.bundle(), second.bundle()));
    }
}
