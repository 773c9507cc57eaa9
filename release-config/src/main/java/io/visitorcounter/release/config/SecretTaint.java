package io.visitorcounter.release.config;

import io.visitorcounter.release.hocon.KeyPath;
import io.visitorcounter.release.hocon.Statement;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The keys that references put a secret into. Where a literal stands at a secret, none of their values may be shown. */
final class SecretTaint {

    private final Set<KeyPath> paths = new HashSet<>();

    /** The taint of all statements, the contract's secrets among them. */
    SecretTaint(SourceMap sources, Contract contract) {
        contract.settings().forEach((path, setting) -> {
            if (setting.secret()) {
                paths.add(EnvironmentConfig.APP.child(path));
            }
        });
        List<Statement> referring = sources.history().stream()
                .filter(statement -> !statement.references().isEmpty())
                .toList();
        boolean grows = !paths.isEmpty();
        while (grows) {
            grows = false;
            for (Statement statement : referring) {
                grows |= refersToOne(statement) && paths.add(statement.path());
            }
        }
    }

    /** Whether a value, or one within it, is put together from a secret. */
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

    private boolean refersToOne(Statement statement) {
        return statement.references().stream()
                .flatMap(reference -> reference.targets().stream())
                .anyMatch(target -> contain(target) || paths.stream().anyMatch(path -> path.startsWith(target)));
    }
}
