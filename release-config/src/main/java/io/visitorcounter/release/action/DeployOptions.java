package io.visitorcounter.release.action;

import java.time.Duration;
import java.util.Optional;

/** How to deploy a release.
 *
 *  @param why the user's words
 *  @param confirmation who confirms if the environment's file requires it
 *  @param dryRun whether to write and apply nothing
 *  @param again whether to apply what already runs, or an older release over a newer one
 *  @param takeOver whether to give up the deployment in progress
 *  @param abort whether to only back out the deployment in progress
 *  @param patience how long to wait for another deployment to end */
public record DeployOptions(
        Optional<String> why,
        Confirmation confirmation,
        boolean dryRun,
        boolean again,
        boolean takeOver,
        boolean abort,
        Duration patience) {}
