/** What the process says on stdout: one line an event, as text or as JSON. May know {@code values}
 *  and {@code json}. */
@NullMarked
package io.visitorcounter.web.log;

import org.jspecify.annotations.NullMarked;
