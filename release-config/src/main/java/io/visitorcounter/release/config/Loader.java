package io.visitorcounter.release.config;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigObject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** Reads an environment's file and all that it includes, from its folder alone. */
final class Loader {

    private static final String SUFFIX = ".conf";
    private static final Pattern SLASH = Pattern.compile("/");
    private static final Pattern NUL = Pattern.compile("\0|\\\\u0000");
    private static final Pattern LONG_LINE = Pattern.compile("(?m)^.{10001}");

    // Far more than anybody writes, and few enough to be read in no time.
    private static final int MAX_INCLUDES = 100;
    private static final int MAX_CHARACTERS = 1 << 20;
    private static final int MAX_KEYS = 2_000;
    private static final int MAX_REFERENCES = 2_000;
    private static final int MAX_VALUES_OF_A_KEY = 50;

    private final ConfigSource source;
    private final List<ConfigFault> faults = new ArrayList<>();
    private final Map<String, ParsedFile> files = new LinkedHashMap<>();
    private final Set<String> refused = new LinkedHashSet<>();
    private final List<Statement> followed = new ArrayList<>();
    private final List<Statement> history = new ArrayList<>();
    private int includes;
    private int characters;

    private Loader(ConfigSource source) {
        this.source = source;
    }

    /** What was read.
     *
     *  @param history every statement in the order in which it takes effect, those of included files in their place
     *  @param raw the library's view, references unresolved
     *  @param files each once
     *  @param faults what is wrong with the files as files */
    record Loaded(List<Statement> history, Config raw, List<ParsedFile> files, List<ConfigFault> faults) {}

    /** Reads a file at the top of the folder. */
    static Loaded load(ConfigSource source, String path) {
        Loader loader = new Loader(source);
        loader.read(path, path, 0);
        loader.take(path, KeyPath.ROOT, new ArrayList<>(List.of(path)));
        Config raw = loader.parse(path).toConfig();
        return new Loaded(
                List.copyOf(loader.history), raw, List.copyOf(loader.files.values()), List.copyOf(loader.faults));
    }

    // Adds the statements of a file, and of what it includes, to the history.
    private void take(String path, KeyPath prefix, List<String> chain) {
        ParsedFile file = files.get(path);
        if (file == null) {
            return;
        }
        for (Statement statement : file.statements()) {
            switch (statement.kind()) {
                case INCLUDE -> include(statement, prefix, chain);
                case FOREIGN_INCLUDE ->
                    fault(
                            statement,
                            "expected a file of " + source.name() + ", got " + SafeText.plain(statement.text()));
                default -> history.add(statement.within(prefix));
            }
        }
    }

    private void include(Statement statement, KeyPath prefix, List<String> chain) {
        String named = SafeText.quoted(statement.text());
        Optional<String> target = target(statement.file(), statement.text());
        if (target.isEmpty()) {
            fault(statement, "expected a file of " + source.name() + ", got " + named);
            return;
        }
        String path = target.get();
        if (!path.endsWith(SUFFIX)) {
            fault(statement, "expected a " + SUFFIX + " file, got " + named + nearest(path));
        } else if (chain.contains(path)) {
            List<String> circle = new ArrayList<>(chain.subList(chain.indexOf(path), chain.size()));
            circle.add(path);
            fault(statement, "goes in a circle: " + String.join(" → ", circle));
        } else if (includes >= MAX_INCLUDES) {
            fault(statement, "expected at most " + MAX_INCLUDES + " includes in all");
        } else if (read(path, statement.file(), statement.line())) {
            includes++;
            int before = characters;
            characters += length(path);
            if (characters > MAX_CHARACTERS) {
                if (before <= MAX_CHARACTERS) {
                    fault(statement, "expected at most " + MAX_CHARACTERS + " characters in all includes");
                }
                return;
            }
            followed.add(statement);
            chain.add(path);
            take(path, prefix.child(statement.path()), chain);
            chain.remove(chain.size() - 1);
        } else if (!refused.contains(path)) {
            fault(statement, "no such file: " + named + nearest(path));
        }
    }

    private int length(String path) {
        ParsedFile file = files.get(path);
        return file == null ? 0 : file.text().length();
    }

    private String nearest(String path) {
        String stem = path.endsWith(SUFFIX) ? path.substring(0, path.length() - SUFFIX.length()) : path;
        try {
            List<String> stems = source.names().stream()
                    .filter(name -> name.endsWith(SUFFIX))
                    .map(name -> name.substring(0, name.length() - SUFFIX.length()))
                    .toList();
            return Nearest.to(stem, stems)
                    .map(found -> "; did you mean \"" + found + SUFFIX + "\"?")
                    .orElse("");
        } catch (IOException unlisted) {
            // Only a hint is lost; the fault it belongs to is told.
            return "";
        }
    }

    // True if the file is there and can be used, at least in part.
    private boolean read(String path, String askedBy, int askedAt) {
        if (!files.containsKey(path) && !refused.contains(path)) {
            try {
                source.read(path).ifPresent(bytes -> keep(path, bytes));
            } catch (IOException unreadable) {
                refused.add(path);
                String subject = path.equals(askedBy) ? "" : path;
                faults.add(new ConfigFault(shown(askedBy), askedAt, subject, String.valueOf(unreadable.getMessage())));
            }
        }
        return files.containsKey(path);
    }

    private void keep(String path, byte[] bytes) {
        if (bytes.length > ConfigSource.MAX_FILE_BYTES) {
            refuse(path, 0, "expected at most " + ConfigSource.MAX_FILE_BYTES + " bytes");
            return;
        }
        Optional<Integer> notUtf8 = ParsedFile.firstLineNotUtf8(bytes);
        if (notUtf8.isPresent()) {
            refuse(path, notUtf8.get(), "expected UTF-8");
            return;
        }
        String text = new String(bytes, StandardCharsets.UTF_8);
        Outline outline = Outline.of(path, text);
        int nul = ParsedFile.firstLineWith(NUL, text);
        int tooLong = ParsedFile.firstLineWith(LONG_LINE, text);
        if (nul > 0) {
            refuse(path, nul, "expected text, got a NUL character");
        } else if (tooLong > 0) {
            refuse(path, tooLong, "expected lines of at most 10000 characters");
        } else if (outline.tooDeepAt() > 0) {
            refuse(path, outline.tooDeepAt(), "nested deeper than " + Outline.MAX_DEPTH);
        } else {
            Optional<ConfigFault> excess = excess(path, outline.statements());
            excess.ifPresentOrElse(fault -> refuse(path, fault.line(), fault.text()), () -> keep(path, text, outline));
        }
    }

    private Optional<ConfigFault> excess(String path, List<Statement> statements) {
        Map<KeyPath, Integer> values = new HashMap<>();
        int references = 0;
        for (Statement statement : statements) {
            references += statement.references().size();
            // The library keeps every value that builds on the one before, and copies them all for each further one.
            if (statement.gives() && values.merge(statement.path(), 1, Integer::sum) > MAX_VALUES_OF_A_KEY) {
                String text = statement.path() + " is given more than " + MAX_VALUES_OF_A_KEY + " times";
                return Optional.of(new ConfigFault(shown(path), statement.line(), "", text));
            }
            if (references > MAX_REFERENCES) {
                String text = "expected at most " + MAX_REFERENCES + " references";
                return Optional.of(new ConfigFault(shown(path), statement.line(), "", text));
            }
        }
        return statements.size() > MAX_KEYS
                ? Optional.of(new ConfigFault(
                        shown(path), statements.get(MAX_KEYS).line(), "", "expected at most " + MAX_KEYS + " keys"))
                : Optional.empty();
    }

    private void keep(String path, String text, Outline outline) {
        Syntax.CheckedText checked = Syntax.check(path, text);
        checked.errors()
                .forEach(error ->
                        faults.add(new ConfigFault(shown(path), error.line(), "", "broken HOCON: " + error.text())));
        if (!checked.parses()) {
            refused.add(path);
        }
        boolean torn = checked.parses() && !checked.errors().isEmpty();
        Outline said = torn ? Outline.of(path, checked.text()) : outline;
        files.put(path, new ParsedFile(path, text, checked.text(), said.statements()));
    }

    private void refuse(String path, int line, String text) {
        refused.add(path);
        faults.add(new ConfigFault(shown(path), line, "", text));
    }

    /** The path within the folder that an include names, seen from the including file; empty if it leads out. */
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

    // The library's view of a file. Includes that were refused are empty: their fault is told.
    private ConfigObject parse(String path) {
        ParsedFile file = files.get(path);
        if (file == null || refused.contains(path)) {
            return ConfigFactory.empty().root();
        }
        return ConfigFactory.parseString(file.parsed(), Hermetic.parsing(path, named -> included(path, named)))
                .root();
    }

    private ConfigObject included(String from, String named) {
        boolean good = followed.stream()
                .anyMatch(statement ->
                        statement.file().equals(from) && statement.text().equals(named));
        return target(from, named)
                .filter(path -> good)
                .map(this::parse)
                .orElseGet(() -> ConfigFactory.empty().root());
    }

    private void fault(Statement include, String text) {
        faults.add(new ConfigFault(shown(include.file()), include.line(), "include", text));
    }

    private String shown(String path) {
        return source.name() + "/" + path;
    }
}
