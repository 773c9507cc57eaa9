package io.visitorcounter.release.action;

import java.util.Optional;

/** How a release is to be made, whatever it consists of.
 *
 *  @param why the user's words
 *  @param confirmation who confirms where the environment's file asks for it
 *  @param keepRollback whether a rollback stays the newest release, although the files differ from it
 *  @param dryRun whether to write nothing */
public record ReleaseOptions(Optional<String> why, Confirmation confirmation, boolean keepRollback, boolean dryRun) {}
