/** Writes a {@link io.visitorcounter.web.json.Json} text member by member. Knows no other room. */
@NullMarked
package io.visitorcounter.web.json;

import org.jspecify.annotations.NullMarked;
