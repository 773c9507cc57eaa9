package io.visitorcounter.release.config;

import io.visitorcounter.release.config.Statement.Substitution;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What references come to once they are resolved: a few lines that double one another would fill any memory, and a long
 *  chain of them any stack. */
final class Growth {

    private static final long MAX_LENGTH = ConfigSource.MAX_FILE_BYTES;
    private static final int MAX_DEPTH = 50;

    private final List<Statement> history;
    private final Map<String, KeyPath> paths = new HashMap<>();
    private final Map<KeyPath, Size> sizes = new HashMap<>();

    /** An upper bound: of all that could be meant, all together.
     *
     *  @param length in characters
     *  @param depth how many references lead on from one to the next */
    private record Size(long length, int depth) {

        static final Size NONE = new Size(0, 0);

        Size and(Size other) {
            return new Size(Math.min(MAX_LENGTH + 1, length + other.length), Math.max(depth, other.depth));
        }
    }

    /** A statement that may not be resolved, and why. */
    record Excess(Statement statement, String text) {}

    private Growth(List<Statement> history) {
        this.history = history.stream().filter(Statement::gives).toList();
        this.history.forEach(statement -> paths.put(statement.path().toString(), statement.path()));
    }

    /** The first statement whose value gets too long or refers too far. */
    static Optional<Excess> find(List<Statement> history) {
        if (history.stream().allMatch(statement -> statement.references().isEmpty())) {
            return Optional.empty();
        }
        Growth growth = new Growth(history);
        return growth.history.stream()
                .flatMap(statement -> growth.excess(statement).stream())
                .findFirst();
    }

    private Optional<Excess> excess(Statement statement) {
        Size size = size(statement.path(), 0);
        if (size.depth > MAX_DEPTH) {
            return Optional.of(new Excess(statement, "references lead on more than " + MAX_DEPTH + " times"));
        } else if (size.length > MAX_LENGTH) {
            return Optional.of(new Excess(statement, "references make it longer than " + MAX_LENGTH + " characters"));
        }
        return Optional.empty();
    }

    private Size size(KeyPath path, int depth) {
        Size known = sizes.get(path);
        if (known != null) {
            return known;
        } else if (depth > MAX_DEPTH) {
            return new Size(0, 1);
        }
        // A circle is found when references are resolved; here it counts nothing.
        sizes.put(path, Size.NONE);
        Size size = Size.NONE;
        for (Statement statement : history) {
            if (statement.path().startsWith(path)) {
                size = after(statement, size, depth);
            }
        }
        sizes.put(path, size);
        return size;
    }

    private Size after(Statement statement, Size before, int depth) {
        Size size = before.and(new Size(statement.text().length(), 0));
        for (Substitution reference : statement.references()) {
            boolean self = reference.name().equals(statement.path().toString());
            size = size.and(self ? before : target(reference, depth));
        }
        return size;
    }

    private Size target(Substitution reference, int depth) {
        String name = reference.name();
        String end = "." + name;
        String start = name + ".";
        Size target = paths.entrySet().stream()
                .filter(path -> path.getKey().equals(name)
                        || path.getKey().endsWith(end)
                        || path.getKey().startsWith(start))
                .map(path -> size(path.getValue(), depth + 1))
                .reduce(Size.NONE, Size::and);
        return new Size(target.length, target.depth + 1);
    }
}
