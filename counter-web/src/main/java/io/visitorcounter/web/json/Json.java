package io.visitorcounter.web.json;

import com.typesafe.config.ConfigUtil;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Builds a JSON object or array; compact, with members in the order they were put. Not thread-safe. */
public final class Json {

    private final StringBuilder text;
    private final char end;
    private boolean empty = true;

    private Json(StringBuilder text, char begin, char end) {
        this.text = text.append(begin);
        this.end = end;
    }

    /** {@return the text of an object whose members the consumer puts} */
    public static String object(Consumer<Json> members) {
        return within(new StringBuilder(128), '{', '}', members).toString();
    }

    /** Puts a text, or null. */
    public Json put(String name, @Nullable String value) {
        name(name);
        quote(value);
        return this;
    }

    /** Puts a number. */
    public Json put(String name, long value) {
        name(name);
        text.append(value);
        return this;
    }

    /** Puts a boolean. */
    public Json put(String name, boolean value) {
        name(name);
        text.append(value);
        return this;
    }

    /** Puts a number, or null. */
    public Json put(String name, @Nullable Long value) {
        name(name);
        text.append(value);
        return this;
    }

    /** Puts an array with an object for each element, whose members the consumer puts. */
    public <T> Json putArray(String name, Iterable<T> elements, BiConsumer<Json, T> members) {
        name(name);
        within(text, '[', ']', array -> {
            for (T element : elements) {
                array.separate();
                within(text, '{', '}', object -> members.accept(object, element));
            }
        });
        return this;
    }

    private static StringBuilder within(StringBuilder text, char begin, char end, Consumer<Json> members) {
        Json json = new Json(text, begin, end);
        members.accept(json);
        return text.append(json.end);
    }

    private void name(String name) {
        separate();
        quote(name);
        text.append(':');
    }

    private void separate() {
        if (!empty) {
            text.append(',');
        }
        empty = false;
    }

    private void quote(@Nullable String value) {
        text.append(value == null ? "null" : ConfigUtil.quoteString(value));
    }
}
