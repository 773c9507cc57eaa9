package io.visitorcounter.release.config;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigObject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** Reads an environment's file and all that it includes, from its folder alone. */
final class Loader {

    /** How many files one environment may take in, counting a file as often as it is included. */
    static final int MOST_INCLUDES = 100;

    private static final Pattern SLASH = Pattern.compile("/");

    private final ConfigSource source;
    private final List<ConfigFault> faults = new ArrayList<>();
    private final Map<String, SourceFile> files = new HashMap<>();
    private final Set<String> refused = new LinkedHashSet<>();
    private final List<Statement> history = new ArrayList<>();
    private int includes;

    private Loader(ConfigSource source) {
        this.source = source;
    }

    /** What was read.
     *
     *  @param history every statement in the order in which it takes effect, those of included files in their place
     *  @param raw the library's view, references unresolved
     *  @param files each once
     *  @param faults what is wrong with the files as files */
    record Loaded(List<Statement> history, Config raw, List<SourceFile> files, List<ConfigFault> faults) {}

    /** Reads a file at the top of the folder. */
    static Loaded load(ConfigSource source, String path) {
        Loader loader = new Loader(source);
        loader.read(path, path, 0);
        loader.take(path, KeyPath.ROOT, new ArrayList<>(List.of(path)));
        Config raw = loader.parse(path);
        return new Loaded(loader.history, raw, List.copyOf(loader.files.values()), List.copyOf(loader.faults));
    }

    // Adds the statements of a file that is read, and of what it includes, to the history.
    private void take(String path, KeyPath prefix, List<String> chain) {
        SourceFile file = files.get(path);
        if (file == null) {
            return;
        }
        for (Statement statement : file.statements()) {
            switch (statement.kind()) {
                case INCLUDE -> include(statement, prefix, chain);
                case FOREIGN_INCLUDE ->
                    fault(statement, "expected a file of " + source.name() + ", got a URL or the class path");
                default -> history.add(statement.within(prefix));
            }
        }
    }

    private void include(Statement statement, KeyPath prefix, List<String> chain) {
        Optional<String> target = target(statement.file(), statement.target());
        if (target.isEmpty()) {
            fault(statement, "expected a file of " + source.name() + ", got " + Shown.quoted(statement.target()));
            return;
        }
        String path = target.get();
        if (chain.contains(path)) {
            List<String> circle = new ArrayList<>(chain.subList(chain.indexOf(path), chain.size()));
            circle.add(path);
            fault(statement, "goes in a circle: " + String.join(" → ", circle));
        } else if (++includes > MOST_INCLUDES) {
            if (includes == MOST_INCLUDES + 1) {
                fault(statement, "expected at most " + MOST_INCLUDES + " includes in all");
            }
        } else if (read(path, statement.file(), statement.line())) {
            chain.add(path);
            take(path, prefix.child(statement.path()), chain);
            chain.remove(chain.size() - 1);
        } else if (!refused.contains(path)) {
            fault(statement, "no such file: " + Shown.quoted(statement.target()) + nearest(path));
        }
    }

    private String nearest(String path) {
        try {
            return (source.names().contains(path + ".conf")
                            ? Optional.of(path + ".conf")
                            : Nearest.to(path, source.names()))
                    .map(near -> "; did you mean \"" + near + "\"?")
                    .orElse("");
        } catch (IOException unlisted) {
            return "";
        }
    }

    // True if the file is there, be it good or refused before.
    private boolean read(String path, String askedBy, int askedAt) {
        if (files.containsKey(path)) {
            return true;
        }
        if (refused.contains(path)) {
            return false;
        }
        try {
            Optional<byte[]> bytes = source.read(path);
            bytes.ifPresent(content -> keep(path, content));
            return bytes.isPresent() && files.containsKey(path);
        } catch (IOException unreadable) {
            refused.add(path);
            faults.add(new ConfigFault(shown(askedBy), askedAt, path, String.valueOf(unreadable.getMessage())));
            return false;
        }
    }

    private void keep(String path, byte[] bytes) {
        Optional<Integer> notUtf8 = SourceFile.firstLineNotUtf8(bytes);
        if (bytes.length > ConfigSource.LARGEST_FILE) {
            refuse(path, 0, "expected at most " + ConfigSource.LARGEST_FILE + " bytes");
        } else if (notUtf8.isPresent()) {
            refuse(path, notUtf8.get(), "expected UTF-8");
        } else {
            keep(path, new String(bytes, StandardCharsets.UTF_8));
        }
    }

    private void keep(String path, String text) {
        int nul = text.indexOf('\0');
        Outline outline = Outline.of(path, text);
        if (nul >= 0) {
            refuse(path, (int) text.substring(0, nul).lines().count(), "expected text, got a NUL character");
        } else if (outline.tooDeepAt() > 0) {
            refuse(path, outline.tooDeepAt(), "nested deeper than " + Outline.DEEPEST);
        } else {
            files.put(path, new SourceFile(path, text, outline.statements()));
        }
    }

    private void refuse(String path, int line, String text) {
        refused.add(path);
        faults.add(new ConfigFault(shown(path), line, "", text));
    }

    /** The path within the folder that an include names, seen from the including file; empty if it leads out. */
    private static Optional<String> target(String from, String named) {
        if (named.isEmpty() || named.startsWith("/") || named.indexOf('\\') >= 0 || named.indexOf('\0') >= 0) {
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

    private Config parse(String path) {
        for (SourceFile file : files.values()) {
            checkSyntax(file);
        }
        return object(path, 0).toConfig();
    }

    private void checkSyntax(SourceFile file) {
        try {
            ConfigFactory.parseString(file.text(), Hermetic.parsing(file.path()));
        } catch (ConfigException broken) {
            int line = broken.origin() == null ? 0 : Math.max(0, broken.origin().lineNumber());
            faults.add(new ConfigFault(shown(file.path()), line, "", Syntax.explain(broken)));
            refused.add(file.path());
        }
    }

    private ConfigObject object(String path, int depth) {
        SourceFile file = files.get(path);
        if (file == null || refused.contains(path) || depth > MOST_INCLUDES || !circleFree()) {
            return ConfigFactory.empty().root();
        }
        return ConfigFactory.parseString(
                        file.text(),
                        Hermetic.parsing(
                                path,
                                named -> target(path, named)
                                        .map(found -> object(found, depth + 1))
                                        .orElseGet(() -> ConfigFactory.empty().root())))
                .root();
    }

    private boolean circleFree() {
        return faults.stream().noneMatch(fault -> fault.text().startsWith("goes in a circle"));
    }

    private void fault(Statement include, String text) {
        faults.add(new ConfigFault(shown(include.file()), include.line(), "include", text));
    }

    private String shown(String path) {
        return source.name() + "/" + path;
    }
}
