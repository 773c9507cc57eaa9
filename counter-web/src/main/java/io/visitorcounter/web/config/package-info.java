/** The config: an {@link io.visitorcounter.web.config.AppConfig} is the typed whole, the
 *  {@link io.visitorcounter.web.config.Contract} says what is valid, a {@link io.visitorcounter.web.config.ConfigError} is one
 *  thing that is not. May know {@code core}. */
@NullMarked
package io.visitorcounter.web.config;

import org.jspecify.annotations.NullMarked;
