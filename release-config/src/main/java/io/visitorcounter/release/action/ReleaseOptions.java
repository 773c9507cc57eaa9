package io.visitorcounter.release.action;

import java.util.Optional;

/** How to make a release, whatever its content.
 *
 *  @param why the user's words
 *  @param confirmation who confirms if the environment's file requires it
 *  @param keepRollback whether a rollback stays the newest release, although the files differ from it
 *  @param dryRun whether to write nothing */
public record ReleaseOptions(Optional<String> why, Confirmation confirmation, boolean keepRollback, boolean dryRun) {}
