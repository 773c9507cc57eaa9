/** The config: {@link io.visitorcounter.web.config.ConfigKeys} declares every key with its type, bounds, default and
 *  variable; an {@link io.visitorcounter.web.config.AppConfig} holds a checked value for each; a
 *  {@link io.visitorcounter.web.config.ConfigError} is one error. May know {@code values} and {@code core}. */
@NullMarked
package io.visitorcounter.web.config;

import org.jspecify.annotations.NullMarked;
