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
import java.util.TreeMap;

/** Where the values of one environment come from. Paths begin at the root of the files: {@code app.redis.port}. */
final class SourceMap {

    private final String folder;
    private final String main;
    private final List<Statement> history;
    private final Map<KeyPath, List<Integer>> given = new LinkedHashMap<>();
    private final Map<KeyPath, Statement> opened = new HashMap<>();

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
                given.computeIfAbsent(statement.path(), path -> new ArrayList<>())
                        .add(i);
            }
            statement.path().prefixes().forEach(prefix -> opened.putIfAbsent(prefix, statement));
        }
    }

    /** The keys that are given a value. */
    Set<KeyPath> keys() {
        return given.keySet();
    }

    /** The statements that gave the key a value, each overriding the one before; the last one holds. For an object, the
     *  statement that first speaks of it. */
    List<Statement> hops(KeyPath path) {
        Map<Integer, Statement> hops = new TreeMap<>();
        for (KeyPath prefix : path.prefixes()) {
            given.getOrDefault(prefix, List.of()).forEach(index -> hops.put(index, history.get(index)));
        }
        if (hops.isEmpty()) {
            return Optional.ofNullable(opened.get(path)).map(List::of).orElse(List.of());
        }
        return List.copyOf(hops.values());
    }

    /** The statement whose value holds. */
    Optional<Statement> last(KeyPath path) {
        List<Statement> hops = hops(path);
        return hops.isEmpty() ? Optional.empty() : Optional.of(hops.get(hops.size() - 1));
    }

    /** What stands in that line, if anything; of several the first. */
    Optional<Statement> at(String file, int line) {
        return history.stream()
                .filter(statement -> statement.file().equals(file) && statement.line() == line)
                .findFirst();
    }

    /** A fault at the place of the first of the keys that has one, else at the environment's own file.
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
        // A file that is included twice overrides itself, which says nothing.
        String before = hops.size() < 2 ? "" : hops.get(hops.size() - 2).place();
        String overrides = before.isEmpty() || before.equals(last.place()) ? "" : " (overrides " + before + ")";
        return fault(last.file(), last.line(), subject, text + overrides);
    }

    /** A fault of a key that only itself is to blame for. */
    ConfigFault fault(KeyPath subject, String text) {
        return fault(subject, List.of(subject), text);
    }

    /** A fault of a statement, or of the environment's file as a whole. */
    ConfigFault fault(Optional<Statement> statement, String text) {
        return statement
                .map(there -> fault(there.file(), there.line(), there.path(), text))
                .orElseGet(() -> fault(main, 0, KeyPath.ROOT, text));
    }

    /** A fault at a place of its own. */
    ConfigFault fault(String file, int line, KeyPath subject, String text) {
        return new ConfigFault(shown(file), line, name(subject), text);
    }

    /** A file as the user knows it. */
    String shown(String file) {
        return folder + "/" + file;
    }

    // The contract knows nothing of "app", so neither does its reader.
    private static String name(KeyPath path) {
        return path.startsWith(EnvironmentConfig.APP) && path.elements().size() > 1
                ? path.from(1).toString()
                : path.toString();
    }
}
