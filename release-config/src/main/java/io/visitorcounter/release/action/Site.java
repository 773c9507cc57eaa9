package io.visitorcounter.release.action;

import io.visitorcounter.release.image.ImageStore;
import io.visitorcounter.release.ledger.Entry;
import io.visitorcounter.release.ledger.Ledger;
import java.nio.file.Path;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/** Where everything is, and who acts.
 *
 *  @param environments the folder of the environments' files
 *  @param ledger the history
 *  @param images the images
 *  @param clock the time that entries carry
 *  @param by who acts, as entries name them */
public record Site(Path environments, Ledger ledger, ImageStore images, Clock clock, String by) {

    Entry.Act act(Optional<String> why) {
        return new Entry.Act(by, clock.instant().truncatedTo(ChronoUnit.SECONDS), why);
    }
}
