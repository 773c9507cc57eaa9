package io.visitorcounter.release.config;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigOrigin;
import io.visitorcounter.release.LookalikeLetters;
import io.visitorcounter.release.hocon.Hermetic;
import io.visitorcounter.release.hocon.KeyPath;
import io.visitorcounter.release.hocon.Nearest;
import io.visitorcounter.release.hocon.Outline;
import io.visitorcounter.release.hocon.SafeText;
import io.visitorcounter.release.hocon.Statement;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** Reads an environment's file and all its includes, from its folder only. The outlines come first: they give the
 *  history, and the limits are checked there. The library then parses each file once, however often it is included; an
 *  include that it requests but no outline has seen is a fault. */
final class Loader {

    private static final Pattern SLASH = Pattern.compile("/");
    private static final ConfigObject EMPTY = ConfigFactory.empty().root();

    // Far more than anyone needs, and few enough to be read quickly.
    static final int MAX_INCLUDES = 100;
    static final int MAX_CHARACTERS = 1 << 20;
    static final int MAX_KEYS = 2_000;
    static final int MAX_REFERENCES = 2_000;
    static final int MAX_VALUES_OF_A_KEY = 50;

    private final ConfigSource source;
    private final List<ConfigFault> faults = new ArrayList<>();
    private final Map<String, Outline> files = new LinkedHashMap<>();
    private final Set<String> refused = new LinkedHashSet<>();
    private final Map<String, ConfigObject> parsed = new HashMap<>();
    private final List<Statement> history = new ArrayList<>();
    private final Map<KeyPath, Integer> values = new HashMap<>();
    private int includes;
    private int characters;
    private int references;
    private boolean excessive;

    private Loader(ConfigSource source) {
        this.source = source;
    }

    /** What was read.
     *
     *  @param history every statement in the order in which it takes effect; those of included files stand at the
     *      include
     *  @param raw the library's view, references unresolved
     *  @param files each once
     *  @param faults what is wrong with the files as files */
    record Loaded(List<Statement> history, Config raw, List<Outline> files, List<ConfigFault> faults) {}

    /** Reads a top-level file of the folder. */
    static Loaded load(ConfigSource source, String path) {
        Loader loader = new Loader(source);
        loader.read(path, path, 0);
        loader.follow(path, KeyPath.ROOT, new ArrayList<>(List.of(path)));
        ConfigObject raw = loader.excessive ? EMPTY : loader.parse(path);
        List<Statement> history = loader.excessive ? List.of() : List.copyOf(loader.history);
        return new Loaded(history, raw.toConfig(), List.copyOf(loader.files.values()), List.copyOf(loader.faults));
    }

    // Adds the statements of a file, and of what it includes, to the history.
    private void follow(String path, KeyPath prefix, List<String> chain) {
        Outline file = files.get(path);
        if (file == null) {
            return;
        }
        for (Statement statement : file.statements()) {
            switch (statement.kind()) {
                case INCLUDE -> include(statement, prefix, chain);
                case FOREIGN_INCLUDE -> fault(statement, notOfFolder() + SafeText.plain(statement.text()));
                default -> keep(statement.within(prefix));
            }
            if (excessive) {
                return;
            }
        }
    }

    private void keep(Statement statement) {
        history.add(statement);
        references += statement.references().size();
        // The library keeps every value that may build on the previous one, and copies them all for each further one.
        boolean plain = statement.kind() == Statement.Kind.VALUE
                && statement.references().isEmpty();
        if (plain) {
            values.remove(statement.path());
        } else if (statement.gives()) {
            values.merge(statement.path(), 1, Integer::sum);
        }
        if (values.getOrDefault(statement.path(), 0) > MAX_VALUES_OF_A_KEY) {
            exceed(statement, statement.path() + " is set more than " + MAX_VALUES_OF_A_KEY + " times");
        } else if (references > MAX_REFERENCES) {
            exceed(statement, "expected at most " + MAX_REFERENCES + " references");
        } else if (history.size() > MAX_KEYS) {
            exceed(statement, "expected at most " + MAX_KEYS + " keys");
        }
    }

    private void exceed(Statement statement, String text) {
        excessive = true;
        fault(statement.file(), statement.line(), "", text);
    }

    private void include(Statement statement, KeyPath prefix, List<String> chain) {
        String named = SafeText.quoted(statement.text());
        Optional<String> target = target(statement.file(), statement.text());
        if (target.isEmpty()) {
            fault(statement, notOfFolder() + named);
            return;
        }
        String path = target.get();
        if (!path.endsWith(EnvironmentFiles.SUFFIX)) {
            fault(statement, "expected a " + EnvironmentFiles.SUFFIX + " file, got " + named + nearest(path));
        } else if (chain.contains(path)) {
            List<String> circle = new ArrayList<>(chain.subList(chain.indexOf(path), chain.size()));
            circle.add(path);
            fault(statement, "is circular: " + String.join(" → ", circle));
        } else if (includes++ >= MAX_INCLUDES) {
            fault(statement, "expected at most " + MAX_INCLUDES + " includes in all");
            excessive = true;
        } else if (read(path, statement.file(), statement.line())) {
            Outline file = files.get(path);
            characters += file == null ? 0 : file.text().length();
            if (characters > MAX_CHARACTERS) {
                fault(statement, "expected at most " + MAX_CHARACTERS + " characters in all includes");
                excessive = true;
                return;
            }
            chain.add(path);
            follow(path, prefix.child(statement.path()), chain);
            chain.remove(chain.size() - 1);
        } else if (!refused.contains(path)) {
            fault(statement, "no such file: " + named + nearest(path));
        }
    }

    private String nearest(String path) {
        String stem = path.endsWith(EnvironmentFiles.SUFFIX) ? EnvironmentFiles.stem(path) : path;
        try {
            List<String> stems = source.names().stream()
                    .filter(name -> name.endsWith(EnvironmentFiles.SUFFIX))
                    .map(EnvironmentFiles::stem)
                    .toList();
            return Nearest.hint(stem, stems, found -> "\"" + found + EnvironmentFiles.SUFFIX + "\"")
                    + LookalikeLetters.note(path);
        } catch (IOException unlisted) {
            // Only a hint is lost; its fault is reported.
            return "";
        }
    }

    // True if the file exists and can be used, at least in part.
    private boolean read(String path, String askedBy, int askedAt) {
        if (!files.containsKey(path) && !refused.contains(path)) {
            try {
                source.read(path).ifPresent(bytes -> keep(path, FileText.of(bytes)));
            } catch (IOException unreadable) {
                refused.add(path);
                fault(askedBy, askedAt, path.equals(askedBy) ? "" : path, String.valueOf(unreadable.getMessage()));
            }
        }
        return files.containsKey(path);
    }

    private void keep(String path, FileText file) {
        if (!file.refusal().isEmpty()) {
            refuse(path, file.line(), file.refusal());
            return;
        }
        Outline outline = Outline.of(path, file.text());
        if (outline.errors().tooDeepAt() > 0) {
            refuse(path, outline.errors().tooDeepAt(), "nested deeper than " + Outline.MAX_DEPTH);
            return;
        }
        outline.errors().all().forEach(error -> broken(path, error.line(), error.text()));
        files.put(path, outline);
    }

    private void refuse(String path, int line, String text) {
        refused.add(path);
        fault(path, line, "", text);
    }

    private void broken(String path, int line, String text) {
        fault(path, line, "", "broken HOCON: " + text);
    }

    /** The path within the folder that an include names, relative to the including file; empty if it leads out of the
     *  folder. */
    private static Optional<String> target(String from, String named) {
        if (named.isEmpty() || named.startsWith("/") || named.indexOf('\\') >= 0) {
            return Optional.empty();
        }
        List<String> parts = new ArrayList<>(SLASH.splitAsStream(from).toList());
        parts.remove(parts.size() - 1);
        for (String part : SLASH.splitAsStream(named).toList()) {
            if (part.equals("..")) {
                if (parts.isEmpty()) {
                    return Optional.empty();
                }
                parts.remove(parts.size() - 1);
            } else if (!part.equals(".") && !part.isEmpty()) {
                parts.add(part);
            }
        }
        return parts.isEmpty() ? Optional.empty() : Optional.of(String.join("/", parts));
    }

    // The library's view of a file; empty if its fault is already reported, or it includes itself.
    private ConfigObject parse(String path) {
        ConfigObject known = parsed.putIfAbsent(path, EMPTY);
        Outline file = files.get(path);
        Optional<String> text =
                Optional.ofNullable(file).flatMap(read -> read.errors().parsable());
        if (known != null || file == null || text.isEmpty()) {
            return known == null ? EMPTY : known;
        }
        try {
            ConfigObject object = ConfigFactory.parseString(
                            text.get(), Hermetic.parsing(path, named -> included(file, named)))
                    .root();
            parsed.put(path, object);
            return object;
        } catch (ConfigException refusedByLibrary) {
            ConfigOrigin origin = refusedByLibrary.origin();
            // Not the library's own text, which may quote a secret.
            broken(
                    path,
                    origin == null ? 0 : Math.max(0, origin.lineNumber()),
                    refusedByLibrary instanceof ConfigException.WrongType
                            ? References.UNJOINABLE
                            : "a text that is not expected here");
            return EMPTY;
        }
    }

    private ConfigObject included(Outline from, String named) {
        Optional<String> target = target(from.file(), named);
        boolean seen = from.statements().stream()
                .filter(statement -> statement.kind() == Statement.Kind.INCLUDE)
                .anyMatch(statement -> target(from.file(), statement.text()).equals(target));
        if (!seen) {
            fault(from.file(), 0, "include", "write it on a line of its own, as include " + SafeText.quoted(named));
        }
        return target.map(this::parse).orElse(EMPTY);
    }

    private String notOfFolder() {
        return "expected a file in " + source.name() + ", got ";
    }

    private void fault(Statement include, String text) {
        fault(include.file(), include.line(), "include", text);
    }

    private void fault(String path, int line, String subject, String text) {
        faults.add(new ConfigFault(source.name() + "/" + path, line, subject, text));
    }
}
