/** Reads HOCON: what one file says, statement by statement, and the values that result. Knows {@code release}: no
 *  files, no contract, no environment. An {@link io.visitorcounter.release.hocon.Outline} is what a file says, made of
 *  {@link io.visitorcounter.release.hocon.Statement}s with their lines, and of
 *  {@link io.visitorcounter.release.hocon.SyntaxErrors}; {@link io.visitorcounter.release.hocon.Resolved} is what the
 *  HOCON library makes of it, a tree of {@link io.visitorcounter.release.hocon.ConfigNode}s;
 *  {@link io.visitorcounter.release.hocon.Hermetic} is that library, cut off from the outside.
 *
 *  <h2>The HOCON that environment files may use</h2>
 *
 *  Objects, lists, strings in quotes, in triple quotes and without quotes, numbers, {@code true}, {@code false},
 *  {@code null}; keys as paths ({@code redis.port = 1}); {@code =}, {@code :}, {@code +=} and <code>key {</code>; comments
 *  with {@code #} and {@code //}; references <code>${key}</code> and <code>${?key}</code>, alone or next to text. A file is
 *  included by {@code include "parts/redis.conf"}, with {@code required(...)} or {@code file(...)} around the name if wanted:
 *  on one line, relative to the including file, within the folder, not within a list. Not allowed, though HOCON has it:
 *  includes of URLs, packages and the class path, a line break or a comment between {@code include} and its name, escapes in
 *  that name, keys in triple quotes, references in keys, spaces other than blank and tab, and invisible characters
 *  outside quotes.
 *
 *  <p>The library resolves references and gives every value its type. Its public API has no tree of a document, and it
 *  keeps only the last value of a key that is set twice; so {@link io.visitorcounter.release.hocon.Outline} reads the
 *  statements with their lines. It refuses what is not in the subset before the library sees it. An include that the
 *  library requests but the outline has not seen is a fault: no setting is dropped silently. */
@NullMarked
package io.visitorcounter.release.hocon;

import org.jspecify.annotations.NullMarked;
