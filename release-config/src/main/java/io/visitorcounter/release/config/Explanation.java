package io.visitorcounter.release.config;

import java.util.List;
import java.util.Optional;

/** Where the value of a key comes from.
 *
 *  @param key such as {@code redis.port}
 *  @param value as {@link Bundle#settings()} would have it; empty if the key has none
 *  @param hops the steps to it, first to last; each {@link Hop.Kind#GIVEN} overrides those before */
public record Explanation(String key, Optional<String> value, List<Hop> hops) {

    public Explanation {
        hops = List.copyOf(hops);
    }

    /** One step on the way to a value.
     *
     *  @param kind what happens there
     *  @param file as the user knows it, or the contract's name
     *  @param line 1-based; 0 if there is none
     *  @param key the explained key, or one that it refers to
     *  @param text the value as written there; never a secret */
    public record Hop(Kind kind, String file, int line, String key, String text) {

        /** What a step does. */
        public enum Kind {
            /** The contract gives a default. */
            DEFAULT,
            /** A file gives a value. */
            GIVEN,
            /** The value refers to another key, which is set here. */
            REFERRED,
            /** The value is read from a variable when the release runs. */
            VARIABLE
        }

        /** {@return {@code environments/prod.conf:14: 6380}} */
        @Override
        public String toString() {
            return (line > 0 ? file + ":" + line : file) + ": " + text;
        }
    }
}
