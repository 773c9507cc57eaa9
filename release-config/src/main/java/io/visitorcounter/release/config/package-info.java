/** Turns an environment's files into a checked, complete and byte-stable bundle, hermetically: same files and same
 *  contract, same bytes. Knows {@code release} and {@code hocon}; reads files, never the environment or system
 *  properties. {@link io.visitorcounter.release.config.EnvironmentFiles} are the team's HOCON files, a
 *  {@link io.visitorcounter.release.config.Contract} says which config a build understands, a
 *  {@link io.visitorcounter.release.config.Bundle} is the config of one release, a
 *  {@link io.visitorcounter.release.config.Policy} is what the environment requires of its releases, and a
 *  {@link io.visitorcounter.release.config.ConfigFault} says what is wrong and where. */
@NullMarked
package io.visitorcounter.release.config;

import org.jspecify.annotations.NullMarked;
