package io.visitorcounter.release.action;

import java.time.Duration;
import java.util.Optional;

/** How a release is to be deployed, whichever it is.
 *
 *  @param why the user's words
 *  @param confirmation who confirms where the environment's file asks for it
 *  @param dryRun whether to write and apply nothing
 *  @param again whether what runs already is applied again, and an older release over a newer one
 *  @param takeOver whether a deployment that is under way is given up
 *  @param abort whether a deployment that is under way is backed out, and nothing else
 *  @param patience how long to wait for another's deployment to end */
public record DeployOptions(
        Optional<String> why,
        Confirmation confirmation,
        boolean dryRun,
        boolean again,
        boolean takeOver,
        boolean abort,
        Duration patience) {}
