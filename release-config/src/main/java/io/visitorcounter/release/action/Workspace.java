package io.visitorcounter.release.action;

import io.visitorcounter.release.image.ImageStore;
import io.visitorcounter.release.ledger.Entry;
import io.visitorcounter.release.ledger.Ledger;
import java.nio.file.Path;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/** What an action works on: files, ledger, images, clock and user.
 *
 *  @param environments the folder of the environments' files
 *  @param ledger the history
 *  @param deployments the history of deployments, which is beside it
 *  @param images the images
 *  @param clock the time that entries carry
 *  @param by who acts, as entries name them */
public record Workspace(
        Path environments, Ledger ledger, Ledger deployments, ImageStore images, Clock clock, String by) {

    Entry.Audit audit(Optional<String> why) {
        return new Entry.Audit(by, clock.instant().truncatedTo(ChronoUnit.SECONDS), why);
    }
}
