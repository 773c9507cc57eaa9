/** Keeps the history of releases in a git repository, append-or-conflict: an
 *  {@link io.visitorcounter.release.ledger.Entry} is one release, freeze, approval or endorsement, and on a separate
 *  branch the start or the end of one deployment, a {@link io.visitorcounter.release.ledger.Snapshot} is the history at one moment, and an
 *  append puts one entry after the last one it saw, or finds that another was first and reads again. Entries are never
 *  changed, and every entry names the digest of the one before it in the whole ledger. Knows the room above. */
@NullMarked
package io.visitorcounter.release.ledger;

import org.jspecify.annotations.NullMarked;
