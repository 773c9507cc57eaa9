package io.visitorcounter.release.config;

import io.visitorcounter.release.hocon.ConfigNode;
import io.visitorcounter.release.hocon.ConfigNode.ListValue;
import io.visitorcounter.release.hocon.ConfigNode.ObjectValue;
import io.visitorcounter.release.hocon.ConfigNode.StringValue;
import io.visitorcounter.release.hocon.KeyPath;
import io.visitorcounter.release.hocon.Outline;
import io.visitorcounter.release.hocon.Statement;
import io.visitorcounter.release.hocon.TokenShape;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;

/** Finds secrets in plain text. No fault shows one. */
final class SecretSearch {

    private static final String ADVICE = " is written here; revoke it, and use a reference to a variable";

    private final SourceMap sources;
    private final List<ConfigFault> faults = new ArrayList<>();
    private final Set<String> found = new HashSet<>();

    SecretSearch(SourceMap sources) {
        this.sources = sources;
    }

    /** Everything found so far. */
    List<ConfigFault> faults() {
        return faults;
    }

    /** Searches the whole text of a file, including comments: people read those too. */
    void inText(Outline file) {
        List<String> lines = file.text().lines().toList();
        for (int i = 0; i < lines.size(); i++) {
            int line = i + 1;
            TokenShape.find(lines.get(i)).ifPresent(shape -> {
                found.add(file.file() + ":" + line);
                faults.add(sources.fault(file.file(), line, KeyPath.ROOT, shape.noun() + ADVICE));
            });
        }
    }

    /** Searches the values, for tokens that references put together. */
    void inValues(KeyPath path, ConfigNode node) {
        if (node instanceof ObjectValue branch) {
            branch.children().forEach((key, child) -> inValues(path.child(key), child));
        } else if (node instanceof ListValue items) {
            items.nodes().forEach(item -> inValues(path, item));
        } else if (node instanceof StringValue text) {
            TokenShape.find(text.value())
                    .filter(shape -> sources.hops(path).stream().noneMatch(this::isFoundIn))
                    .ifPresent(shape -> faults.add(sources.fault(path, shape.noun() + ADVICE)));
        }
    }

    /** Searches for literals at the contract's secrets, including overridden ones: they are in the file too. */
    void atSecrets(Contract contract) {
        for (Statement statement : sources.history()) {
            boolean literal = statement.gives() && statement.references().isEmpty() && !isEmpty(statement.text());
            if (literal && statement.path().startsWith(EnvironmentConfig.APP)) {
                contract.at(statement.path().from(1))
                        .filter(Schema::secret)
                        .ifPresent(secret ->
                                faults.add(sources.fault(Optional.of(statement), Validator.literalAt(secret))));
            }
        }
    }

    private boolean isFoundIn(Statement statement) {
        int last = statement.line() + (int) statement.text().lines().count();
        return IntStream.range(statement.line(), last).anyMatch(line -> found.contains(statement.file() + ":" + line));
    }

    private static boolean isEmpty(String value) {
        return value.equals("\"\"") || value.equals("null");
    }
}
