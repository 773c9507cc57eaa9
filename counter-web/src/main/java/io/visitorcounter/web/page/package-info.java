/** What a person sees: the {@link io.visitorcounter.web.page.Page}, rendered completely on the server. May know
 *  {@code values}, {@code http}, {@code visit}, {@code health} and {@code core}. */
@NullMarked
package io.visitorcounter.web.page;

import org.jspecify.annotations.NullMarked;
