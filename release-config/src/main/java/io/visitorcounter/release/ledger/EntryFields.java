package io.visitorcounter.release.ledger;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.visitorcounter.release.Digest;
import io.visitorcounter.release.Environment;
import io.visitorcounter.release.ReleaseException;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;

/** The fields of one JSON object, each read once and strictly: a wrong type, and a missing or unknown field, is an
 *  error that names the field. */
final class EntryFields {

    private final String where;
    private final ObjectNode object;
    private final Set<String> read = new HashSet<>();

    EntryFields(String where, ObjectNode object) {
        this.where = where;
        this.object = object;
    }

    String text(String name) {
        return optionalText(name).orElseThrow(() -> invalid(name, "expected a text, got none"));
    }

    Optional<String> optionalText(String name) {
        JsonNode value = take(name);
        if (value.isMissingNode()) {
            return Optional.empty();
        }
        if (!value.isTextual()) {
            throw invalid(name, "expected a text");
        }
        return Optional.of(value.asText());
    }

    long number(String name, long greatest) {
        JsonNode value = take(name);
        if (!value.isIntegralNumber() || !value.canConvertToLong() || value.asLong() < 1 || value.asLong() > greatest) {
            throw invalid(name, "expected a whole number of 1.." + greatest);
        }
        return value.asLong();
    }

    int number(String name, int greatest) {
        return (int) number(name, (long) greatest);
    }

    Optional<Integer> optionalNumber(String name, int greatest) {
        return object.has(name) ? Optional.of(number(name, greatest)) : Optional.empty();
    }

    /** {@return a number of 0 or more} */
    int count(String name) {
        JsonNode value = take(name);
        if (!value.isIntegralNumber() || !value.canConvertToInt() || value.asLong() < 0) {
            throw invalid(name, "expected a whole number of 0.." + Integer.MAX_VALUE);
        }
        return value.asInt();
    }

    /** {@return the fields, all texts, with any names} */
    SortedMap<String, String> texts() {
        SortedMap<String, String> texts = new TreeMap<>();
        object.fieldNames().forEachRemaining(name -> texts.put(name, text(name)));
        return texts;
    }

    boolean flag(String name) {
        JsonNode value = take(name);
        if (!value.isBoolean()) {
            throw invalid(name, "expected true or false");
        }
        return value.asBoolean();
    }

    Digest digest(String name) {
        return value(name, Digest::new);
    }

    Optional<Digest> optionalDigest(String name) {
        return optionalValue(name, Digest::new);
    }

    Environment environment(String name) {
        return value(name, Environment::new);
    }

    /** {@return the value with this name} */
    <T> T oneOf(String name, T[] values, Function<T, String> word) {
        String text = text(name);
        List<String> words = Arrays.stream(values).map(word).toList();
        if (!words.contains(text)) {
            int last = words.size() - 1;
            throw invalid(name, "expected " + String.join(", ", words.subList(0, last)) + " or " + words.get(last));
        }
        return values[words.indexOf(text)];
    }

    <T> T value(String name, Function<String, T> parse) {
        return parsed(name, text(name), parse);
    }

    <T> Optional<T> optionalValue(String name, Function<String, T> parse) {
        return optionalText(name).map(text -> parsed(name, text, parse));
    }

    private <T> T parsed(String name, String text, Function<String, T> parse) {
        try {
            return parse.apply(text);
        } catch (IllegalArgumentException | java.time.DateTimeException e) {
            throw invalid(name, String.valueOf(e.getMessage()));
        }
    }

    <T> T object(String name, Function<EntryFields, T> read) {
        return optionalObject(name, read).orElseThrow(() -> invalid(name, "expected an object, got none"));
    }

    /** {@return the value read from an object, with no field left over} */
    <T> Optional<T> optionalObject(String name, Function<EntryFields, T> read) {
        JsonNode value = take(name);
        if (value.isMissingNode()) {
            return Optional.empty();
        }
        if (value instanceof ObjectNode inner) {
            EntryFields fields = new EntryFields(where + ": " + name, inner);
            T result = read.apply(fields);
            fields.end();
            return Optional.of(result);
        }
        throw invalid(name, "expected an object");
    }

    /** Throws if a field was not read. */
    void end() {
        object.fieldNames().forEachRemaining(name -> {
            if (!read.contains(name)) {
                throw EntryCodec.newer(where + ": " + name + ": not a field that this tool knows");
            }
        });
    }

    ReleaseException invalid(String name, String what) {
        return new ReleaseException.VerificationFailed(where + ": " + name + ": " + what);
    }

    private JsonNode take(String name) {
        read.add(name);
        return object.path(name);
    }
}
