package io.visitorcounter.release.config;

import io.visitorcounter.release.config.Statement.Substitution;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** How long values get once their references are resolved: a few lines that double one another would fill any memory. */
final class Growth {

    /** How many characters a value may come to. */
    static final long LONGEST = ConfigSource.LARGEST_FILE;

    private final List<Statement> history;
    private final Map<String, KeyPath> paths = new HashMap<>();
    private final Map<KeyPath, Long> lengths = new HashMap<>();

    private Growth(List<Statement> history) {
        this.history = history.stream().filter(Statement::gives).toList();
        this.history.forEach(statement -> paths.put(statement.path().toString(), statement.path()));
    }

    /** The first statement whose value gets too long. */
    static Optional<Statement> tooLong(List<Statement> history) {
        if (history.stream().allMatch(statement -> statement.references().isEmpty())) {
            return Optional.empty();
        }
        Growth growth = new Growth(history);
        return growth.history.stream()
                .filter(statement -> growth.length(statement.path()) > LONGEST)
                .findFirst();
    }

    // An upper bound: of all that could be meant, all together.
    private long length(KeyPath path) {
        Long known = lengths.get(path);
        if (known != null) {
            return known;
        }
        // A circle is found when references are resolved; here it counts nothing.
        lengths.put(path, 0L);
        long length = 0;
        for (Statement statement : history) {
            if (statement.path().startsWith(path)) {
                length = Math.min(LONGEST + 1, length(statement, length));
            }
        }
        lengths.put(path, length);
        return length;
    }

    private long length(Statement statement, long before) {
        long length = before + statement.text().length();
        for (Substitution reference : statement.references()) {
            length += reference.name().equals(statement.path().toString()) ? before : length(reference);
        }
        return length;
    }

    private long length(Substitution reference) {
        String name = reference.name();
        return paths.entrySet().stream()
                .filter(path -> path.getKey().equals(name)
                        || path.getKey().endsWith("." + name)
                        || path.getKey().startsWith(name + "."))
                .mapToLong(path -> length(path.getValue()))
                .reduce(0, (a, b) -> Math.min(LONGEST + 1, a + b));
    }
}
