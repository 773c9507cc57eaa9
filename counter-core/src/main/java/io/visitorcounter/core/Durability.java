package io.visitorcounter.core;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What must hold before a visit is answered. */
public sealed interface Durability {

    /** The store's memory has it; a crash of the store can lose it. */
    record Memory() implements Durability {
        @Override
        public String toString() {
            return "memory";
        }
    }

    /** The store's disk has it, synced; it survives a crash or a loss of power. */
    record Fsync() implements Durability {
        @Override
        public String toString() {
            return "fsync";
        }
    }

    /** The primary and at least this many replicas have it.
     *
     *  @param replicas 1 to 10 */
    record Replicated(int replicas) implements Durability {

        /** Checks the bounds.
         *
         *  @param replicas how many */
        public Replicated {
            if (replicas < 1 || replicas > 10) {
                throw new IllegalArgumentException("durability: replicated: expected 1..10 replicas, got " + replicas);
            }
        }

        @Override
        public String toString() {
            return "replicated(" + replicas + ")";
        }
    }

    /** {@return the durability that the text names: {@code memory}, {@code fsync} or {@code replicated(n)}}
     *
     *  @param text as in a config
     *  @throws IllegalArgumentException if it names none */
    static Durability of(String text) {
        Matcher replicated = Pattern.compile("replicated\\(([0-9]{1,2})\\)").matcher(text);
        if (replicated.matches()) {
            return new Replicated(Integer.parseInt(replicated.group(1)));
        }
        return switch (text) {
            case "memory" -> new Memory();
            case "fsync" -> new Fsync();
            default ->
                throw new IllegalArgumentException(
                        "durability: expected memory, fsync or replicated(n), got \"" + text + "\"");
        };
    }
}
