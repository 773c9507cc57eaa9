/** What the process logs to stdout: one line per event, as text or as JSON. May know {@code values} and {@code json}. */
@NullMarked
package io.visitorcounter.web.log;

import org.jspecify.annotations.NullMarked;
