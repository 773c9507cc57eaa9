package io.visitorcounter.release.config;

import io.visitorcounter.release.hocon.KeyPath;
import io.visitorcounter.release.hocon.Statement;
import io.visitorcounter.release.hocon.Statement.Substitution;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The keys that references put a secret into. If a secret has a literal value, none of their values may be shown. */
final class SecretTaint {

    private final Set<KeyPath> paths = new HashSet<>();

    /** The taint of all statements, including the contract's secrets. */
    SecretTaint(SourceMap sources, Contract contract) {
        Map<KeyPath, List<KeyPath>> referring = new HashMap<>();
        Map<KeyPath, List<KeyPath>> referringWithin = new HashMap<>();
        for (Statement statement : sources.history()) {
            for (Substitution reference : statement.references()) {
                for (KeyPath target : reference.targets()) {
                    add(referring, target, statement);
                    target.prefixes().forEach(prefix -> add(referringWithin, prefix, statement));
                }
            }
        }
        Deque<KeyPath> next = new ArrayDeque<>();
        contract.settings().forEach((path, setting) -> {
            if (setting.secret()) {
                next.add(EnvironmentConfig.APP.child(path));
            }
        });
        while (!next.isEmpty()) {
            KeyPath path = next.remove();
            if (paths.add(path)) {
                // A reference also reaches a secret if it names an object around the secret, or something within it.
                next.addAll(referringWithin.getOrDefault(path, List.of()));
                path.prefixes().forEach(prefix -> next.addAll(referring.getOrDefault(prefix, List.of())));
            }
        }
    }

    private static void add(Map<KeyPath, List<KeyPath>> index, KeyPath target, Statement statement) {
        index.computeIfAbsent(target, first -> new ArrayList<>()).add(statement.path());
    }

    /** Whether a value, or one within it, is built from a secret. */
    boolean contain(KeyPath path) {
        return path.prefixes().stream().anyMatch(paths::contains);
    }

    /** The fault, without its text if that could show a secret. */
    ConfigFault masked(ConfigFault fault) {
        Optional<KeyPath> subject = fault.subject().isEmpty() ? Optional.empty() : KeyPath.tryParse(fault.subject());
        boolean shows = fault.text().contains("got \"")
                && subject.filter(path -> contain(path) || contain(EnvironmentConfig.APP.child(path)))
                        .isPresent();
        return shows
                ? new ConfigFault(
                        fault.file(), fault.line(), fault.subject(), "expected no secret, got one by reference")
                : fault;
    }
}
