/** How a request gets its response: an {@link io.visitorcounter.web.http.Endpoint} makes an
 *  {@link io.visitorcounter.web.http.Response}, a {@link io.visitorcounter.web.http.Problem} is an error that a client can
 *  read, the {@link io.visitorcounter.web.http.Router} finds the endpoint. May know {@code values},
 *  {@code json}, {@code log} and {@code core}. */
@NullMarked
package io.visitorcounter.web.http;

import org.jspecify.annotations.NullMarked;
