package io.visitorcounter.release.hocon;

import io.visitorcounter.release.hocon.Statement.Kind;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;

/** Finds the keys that one file sets twice: HOCON silently lets the last one win, which is never intended. */
public final class Duplicates {

    private final Map<KeyPath, Statement> values = new HashMap<>();
    private final Map<KeyPath, Statement> objects = new HashMap<>();

    private Duplicates() {}

    /** Reports each key of the file that is set again. */
    public static void find(Outline file, BiConsumer<Statement, String> faults) {
        Duplicates seen = new Duplicates();
        for (Statement statement : file.statements()) {
            seen.fault(statement).ifPresent(text -> faults.accept(statement, text));
        }
    }

    private Optional<String> fault(Statement statement) {
        Optional<String> fault = statement.kind() == Kind.VALUE ? again(statement) : Optional.empty();
        for (KeyPath above : statement.path().prefixes()) {
            if (!above.equals(statement.path()) || statement.kind() == Kind.OBJECT) {
                Statement value = values.remove(above);
                if (value != null && value.references().isEmpty()) {
                    fault = Optional.of("set as a value on line " + value.line() + ", then as an object; remove one");
                }
                objects.putIfAbsent(above, statement);
            }
        }
        return fault;
    }

    private Optional<String> again(Statement statement) {
        // A reference can be to an object, which is merged; an optional one is refused elsewhere.
        boolean plain = statement.references().isEmpty();
        boolean optional = !plain && statement.references().stream().allMatch(Statement.Substitution::optional);
        if (statement.buildsOnItself() || optional) {
            return Optional.empty();
        }
        Statement object = objects.get(statement.path());
        if (object != null && plain) {
            return Optional.of("set as an object on line " + object.line() + ", then as a value; remove one");
        }
        return Optional.ofNullable(values.putIfAbsent(statement.path(), statement))
                .map(first -> "set twice in this file, first on line " + first.line() + "; remove one");
    }
}
