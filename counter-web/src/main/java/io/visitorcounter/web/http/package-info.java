/** How requests get their responses: an {@link io.visitorcounter.web.http.Endpoint} creates a
 *  {@link io.visitorcounter.web.http.Response}, a {@link io.visitorcounter.web.http.Problem} is an error for clients,
 *  and the {@link io.visitorcounter.web.http.Router} finds the endpoint. May know {@code values}, {@code json},
 *  {@code log} and {@code core}. */
@NullMarked
package io.visitorcounter.web.http;

import org.jspecify.annotations.NullMarked;
