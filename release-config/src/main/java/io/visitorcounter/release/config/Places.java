package io.visitorcounter.release.config;

import java.util.List;
import java.util.Optional;

/** Where the values of one environment come from. Paths begin at the root of the files: {@code app.redis.port}. */
final class Places {

    private final String folder;
    private final String main;
    private final List<Statement> history;

    /** The places of values.
     *
     *  @param folder the name of the folder
     *  @param main the environment's own file
     *  @param history as in {@link Loader.Loaded} */
    Places(String folder, String main, List<Statement> history) {
        this.folder = folder;
        this.main = main;
        this.history = history;
    }

    /** The statements that gave the key a value, each overriding the one before; the last one holds. */
    List<Statement> hops(KeyPath path) {
        List<Statement> hops = history.stream()
                .filter(Statement::gives)
                .filter(statement -> path.startsWith(statement.path()))
                .toList();
        return hops.isEmpty()
                ? history.stream()
                        .filter(statement -> statement.path().startsWith(path))
                        .limit(1)
                        .toList()
                : hops;
    }

    /** A fault at the place of the first of the keys that has one, else at the environment's own file.
     *
     *  @param subject the key that is wrong
     *  @param blamed the keys to blame, likeliest first */
    ConfigFault fault(KeyPath subject, List<KeyPath> blamed, String text) {
        List<Statement> hops = blamed.stream()
                .map(this::hops)
                .filter(found -> !found.isEmpty())
                .findFirst()
                .orElse(List.of());
        String name = name(subject);
        if (hops.isEmpty()) {
            return new ConfigFault(folder + "/" + main, 0, name, text);
        }
        Statement last = hops.get(hops.size() - 1);
        String overrides = hops.size() < 2
                ? ""
                : " (overrides " + hops.get(hops.size() - 2).place() + ")";
        return new ConfigFault(folder + "/" + last.file(), last.line(), name, text + overrides);
    }

    /** A fault at a place of its own. */
    ConfigFault fault(String file, int line, KeyPath subject, String text) {
        return new ConfigFault(folder + "/" + file, line, name(subject), text);
    }

    /** Whether any statement speaks of the key. */
    boolean knows(KeyPath path) {
        return !hops(path).isEmpty();
    }

    /** What stands in that line, if anything; of several the first. */
    Optional<Statement> at(String file, int line) {
        return history.stream()
                .filter(statement -> statement.file().equals(file) && statement.line() == line)
                .findFirst();
    }

    // The contract knows nothing of "app", so neither does its reader.
    private static String name(KeyPath path) {
        return path.startsWith(Renderer.APP) && path.elements().size() > 1
                ? path.from(1).toString()
                : path.toString();
    }
}
