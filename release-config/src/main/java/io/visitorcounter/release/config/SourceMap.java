package io.visitorcounter.release.config;

import io.visitorcounter.release.hocon.KeyPath;
import io.visitorcounter.release.hocon.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;

/** Where the values of one environment come from. Paths begin at the root of the files: {@code app.redis.port}. */
final class SourceMap {

    private final String folder;
    private final String main;
    private final List<Statement> history;
    private final Map<KeyPath, List<Integer>> given = new LinkedHashMap<>();
    private final Map<KeyPath, List<Integer>> within = new HashMap<>();

    /** The sources of values.
     *
     *  @param folder the name of the folder
     *  @param main the environment's own file
     *  @param history as in {@link Loader.Loaded} */
    SourceMap(String folder, String main, List<Statement> history) {
        this.folder = folder;
        this.main = main;
        this.history = history;
        for (int i = 0; i < history.size(); i++) {
            Statement statement = history.get(i);
            if (statement.gives()) {
                add(given, statement.path(), i);
            }
            for (KeyPath prefix : statement.path().prefixes()) {
                add(within, prefix, i);
            }
        }
    }

    private static void add(Map<KeyPath, List<Integer>> index, KeyPath path, int statement) {
        index.computeIfAbsent(path, first -> new ArrayList<>()).add(statement);
    }

    /** Every statement, in the order in which it takes effect. */
    List<Statement> history() {
        return history;
    }

    /** The keys that are given a value. */
    Set<KeyPath> keys() {
        return given.keySet();
    }

    /** The statements that gave the key a value, each overriding the one before; the last one applies. For an object,
     *  the statement that first mentions it. */
    List<Statement> hops(KeyPath path) {
        SortedSet<Integer> hops = givenTo(path);
        return hops.isEmpty()
                ? within.getOrDefault(path, List.of()).stream()
                        .limit(1)
                        .map(history::get)
                        .toList()
                : hops.stream().map(history::get).toList();
    }

    /** All statements that make up the key's value: those that gave it one, and those within it. */
    List<Statement> parts(KeyPath path) {
        SortedSet<Integer> parts = givenTo(path);
        parts.addAll(within.getOrDefault(path, List.of()));
        return parts.stream().map(history::get).filter(Statement::gives).toList();
    }

    private SortedSet<Integer> givenTo(KeyPath path) {
        SortedSet<Integer> statements = new TreeSet<>();
        path.prefixes().forEach(prefix -> statements.addAll(given.getOrDefault(prefix, List.of())));
        return statements;
    }

    /** The statement whose value applies. */
    Optional<Statement> last(KeyPath path) {
        List<Statement> hops = hops(path);
        return hops.isEmpty() ? Optional.empty() : Optional.of(hops.get(hops.size() - 1));
    }

    /** The first statement on that line, if any. */
    Optional<Statement> at(String file, int line) {
        return history.stream()
                .filter(statement -> statement.file().equals(file) && statement.line() == line)
                .findFirst();
    }

    /** A fault at the place of the first of the keys that has one, or else in the environment's own file.
     *
     *  @param subject the key that is wrong
     *  @param blamed the keys to blame, most likely first */
    ConfigFault fault(KeyPath subject, List<KeyPath> blamed, String text) {
        List<Statement> hops = blamed.stream()
                .map(this::hops)
                .filter(found -> !found.isEmpty())
                .findFirst()
                .orElse(List.of());
        if (hops.isEmpty()) {
            return fault(main, 0, subject, text);
        }
        Statement last = hops.get(hops.size() - 1);
        // A file that is included twice overrides itself, which is not worth reporting.
        String before = hops.size() < 2 ? "" : hops.get(hops.size() - 2).place();
        String overrides = before.isEmpty() || before.equals(last.place()) ? "" : " (overrides " + before + ")";
        return fault(last.file(), last.line(), subject, text + overrides);
    }

    /** A fault that only the key itself is to blame for. */
    ConfigFault fault(KeyPath subject, String text) {
        return fault(subject, List.of(subject), text);
    }

    /** A fault of a statement, or of the environment's file as a whole. */
    ConfigFault fault(Optional<Statement> statement, String text) {
        return statement
                .map(there -> fault(there.file(), there.line(), there.path(), text))
                .orElseGet(() -> fault(main, 0, KeyPath.ROOT, text));
    }

    /** A fault at a given place. */
    ConfigFault fault(String file, int line, KeyPath subject, String text) {
        return new ConfigFault(shown(file), line, name(subject), text);
    }

    /** A file as the user knows it. */
    String shown(String file) {
        return folder + "/" + file;
    }

    // The contract has no "app", so its readers do not know it.
    private static String name(KeyPath path) {
        return path.startsWith(EnvironmentConfig.APP) && path.elements().size() > 1
                ? path.from(1).toString()
                : path.toString();
    }
}
