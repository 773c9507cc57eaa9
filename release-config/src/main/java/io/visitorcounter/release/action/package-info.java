/** The actions on releases, one type for each: it decides from files, images and history, acts, and returns a
 *  result. Nothing here prints, exits, or asks the machine for the time or its user: a
 *  {@link io.visitorcounter.release.action.Workspace} holds the files, the ledger, the images, the clock and the
 *  user. Knows {@code release}, {@code config}, {@code image}, {@code ledger}, {@code trust}, {@code run} and
 *  {@code engine}. */
@NullMarked
package io.visitorcounter.release.action;

import org.jspecify.annotations.NullMarked;
