package io.visitorcounter.release.config;

import io.visitorcounter.release.LookalikeLetters;
import io.visitorcounter.release.hocon.ConfigNode;
import io.visitorcounter.release.hocon.ConfigNode.BooleanValue;
import io.visitorcounter.release.hocon.ConfigNode.IntegerValue;
import io.visitorcounter.release.hocon.ConfigNode.ObjectValue;
import io.visitorcounter.release.hocon.ConfigNode.StringValue;
import io.visitorcounter.release.hocon.KeyPath;
import io.visitorcounter.release.hocon.Nearest;
import io.visitorcounter.release.hocon.WrittenDuration;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Reads the keys of one object of the {@code release} part. What is wrong with a key is told at its place, and the value
 *  is then the default. */
record SettingReader(ObjectValue object, Function<String, KeyPath> paths, BiConsumer<KeyPath, String> faults) {

    /** A reader of an object with these keys; empty if there is none, or it is something else.
     *
     *  @param faults receives a key and what is wrong with it */
    static Optional<SettingReader> of(
            KeyPath path, @Nullable ConfigNode node, List<String> known, BiConsumer<KeyPath, String> faults) {
        if (!(node instanceof ObjectValue object)) {
            if (node != null) {
                faults.accept(path, "expected an object, got " + node.shown());
            }
            return Optional.empty();
        }
        for (String key : object.children().keySet()) {
            if (!known.contains(key)) {
                String near = Nearest.to(key, known)
                        .map(found -> "; did you mean " + path.child(found) + "?")
                        .orElse("; there are " + String.join(", ", known));
                faults.accept(path.child(key), "no such key" + near + LookalikeLetters.note(key));
            }
        }
        return Optional.of(new SettingReader(object, path::child, faults));
    }

    /** The same reader, with this object's keys over the shared ones. */
    SettingReader over(SettingReader shared) {
        SortedMap<String, ConfigNode> all = new TreeMap<>(shared.object.children());
        all.putAll(object.children());
        return new SettingReader(
                new ObjectValue(all),
                key -> (object.children().containsKey(key) ? paths : shared.paths).apply(key),
                faults);
    }

    /** Reports what is wrong with a key. */
    void fault(String key, String text) {
        faults.accept(paths.apply(key), text);
    }

    /** Reports that a key has an unexpected value. */
    void expected(String key, String what) {
        ConfigNode got = node(key);
        fault(key, "expected " + what + ", got " + (got == null ? "none" : got.shown()));
    }

    /** Reports a key that means nothing without another one.
     *
     *  @param what the value of the other one */
    void needs(String key, String other, String what) {
        if (has(key) && !has(other)) {
            fault(key, "needs " + other + ", " + what);
        }
    }

    @Nullable ConfigNode node(String key) {
        return object.children().get(key);
    }

    boolean has(String key) {
        return object.children().containsKey(key);
    }

    boolean flag(String key) {
        if (node(key) instanceof BooleanValue flag) {
            return flag.value();
        }
        if (has(key)) {
            expected(key, "true or false");
        }
        return false;
    }

    /** A text that is not blank; empty if there is none. */
    Optional<String> text(String key, String expected) {
        if (node(key) instanceof StringValue text && !text.value().isBlank()) {
            return Optional.of(text.value());
        }
        if (has(key)) {
            expected(key, expected);
        }
        return Optional.empty();
    }

    /** A number between two bounds, inclusive.
     *
     *  @param or another allowed value, for the message; empty if there is none */
    int number(String key, int otherwise, int min, int max, String or) {
        if (node(key) instanceof IntegerValue whole && whole.value() >= min && whole.value() <= max) {
            return (int) whole.value();
        }
        if (has(key)) {
            expected(key, min + ".." + max + or);
        }
        return otherwise;
    }

    Duration duration(String key, Duration otherwise, Duration min, Duration max) {
        Optional<Duration> length = length(key).filter(time -> time.compareTo(min) >= 0 && time.compareTo(max) <= 0);
        if (length.isEmpty() && has(key)) {
            expected(key, "a duration of " + min.toSeconds() + "s.." + max.toSeconds() + "s");
        }
        return length.orElse(otherwise);
    }

    /** The duration that a key is set to; empty if it is none. */
    Optional<Duration> length(String key) {
        return node(key) instanceof StringValue text
                ? WrittenDuration.of(text.value()).map(WrittenDuration::length)
                : Optional.empty();
    }
}
