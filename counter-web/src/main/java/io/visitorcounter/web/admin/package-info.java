/** Sets, deletes and lists counters, for holders of the token. Knows {@code http}, {@code json} and {@code core}. */
@NullMarked
package io.visitorcounter.web.admin;

import org.jspecify.annotations.NullMarked;
