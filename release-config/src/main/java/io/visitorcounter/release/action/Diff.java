package io.visitorcounter.release.action;

import io.visitorcounter.release.Environment;
import io.visitorcounter.release.ReleaseException;
import io.visitorcounter.release.config.ConfigChange;
import io.visitorcounter.release.ledger.Release;
import io.visitorcounter.release.ledger.Snapshot;
import java.util.List;
import java.util.Optional;

/** Tells two releases apart. */
public record Diff(Workspace workspace) {

    /** What leads from one release to another.
     *
     *  @param older the one
     *  @param newer the other
     *  @param config the keys whose values differ */
    public record Difference(SourcedRelease older, SourcedRelease newer, List<ConfigChange> config) {

        /** {@return the one release} */
        public Release before() {
            return older.release();
        }

        /** {@return the other release} */
        public Release after() {
            return newer.release();
        }

        /** {@return whether both are the same content} */
        public boolean isNone() {
            return config.isEmpty() && !isOtherBuild() && !isOtherContract();
        }

        /** {@return whether they are of different builds} */
        public boolean isOtherBuild() {
            return !before().app().equals(after().app());
        }

        /** {@return whether their builds understand different config} */
        public boolean isOtherContract() {
            return !before().content().contract().equals(after().content().contract());
        }
    }

    /** {@return what leads from one release to another}
     *
     *  @param before the one; empty: the last before the other
     *  @param after the other; empty: the newest
     *  @throws ReleaseException.NotFound if there are no two */
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
