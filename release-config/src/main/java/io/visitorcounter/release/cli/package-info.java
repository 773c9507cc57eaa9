/** The command {@code release}: reads arguments, calls {@code action}, prints the result as text or JSON, and turns
 *  failures into one line and an exit code. The only room that prints or exits. Knows all others. */
@NullMarked
package io.visitorcounter.release.cli;

import org.jspecify.annotations.NullMarked;
