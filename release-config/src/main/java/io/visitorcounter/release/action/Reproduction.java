package io.visitorcounter.release.action;

import io.visitorcounter.release.Digest;
import io.visitorcounter.release.ReleaseException;
import io.visitorcounter.release.config.ConfigFault;
import io.visitorcounter.release.config.ConfigSource;
import io.visitorcounter.release.config.EnvironmentFiles;
import io.visitorcounter.release.config.Rendering;
import io.visitorcounter.release.ledger.ConfigFolder;
import io.visitorcounter.release.ledger.Release;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** A release's config, rendered again from the commit that its entry names. */
record Reproduction(Workspace workspace, RecordedRelease recorded) {

    /** {@return how it differs from the released bundle}
     *
     *  @param notes receives the reason if it can't be rendered again */
    List<String> faults(Consumer<String> notes) {
        String label = recorded.id().label();
        Optional<Release.ConfigCommit> config = recorded.release().content().config();
        if (config.isEmpty() || !config.get().clean()) {
            notes.accept(label + ": can't be rendered again: its config was not committed");
            return List.of();
        }
        String commit = config.get().commit();
        Optional<Map<String, byte[]>> files =
                ConfigFolder.files(workspace.environments(), commit, ConfigSource.MAX_FILE_BYTES + 1);
        if (files.isEmpty()) {
            notes.accept(label + ": can't be rendered again: commit " + commit + " is not in the repository of "
                    + workspace.environments());
            return List.of();
        }
        String name = workspace.environments().getFileName() + " at " + commit;
        try {
            return faults(
                    new EnvironmentFiles(ConfigSource.of(name, files.get()))
                            .render(recorded.id().environment(), recorded.contract()),
                    commit);
        } catch (ReleaseException.NotFound e) {
            return List.of(String.valueOf(e.getMessage()));
        }
    }

    private List<String> faults(Rendering rendering, String commit) {
        if (rendering instanceof Rendering.Invalid invalid) {
            return invalid.faults().stream().map(ConfigFault::toString).toList();
        }
        Digest expected = recorded.release().content().bundle();
        Digest got = ((Rendering.Rendered) rendering).bundle().digest();
        return got.equals(expected)
                ? List.of()
                : List.of("bundle: rendered again from commit " + commit + ": expected " + expected + ", got " + got);
    }
}
