package io.visitorcounter.release.config;

import io.visitorcounter.release.LookalikeLetters;
import io.visitorcounter.release.config.Validator.Violation;
import io.visitorcounter.release.hocon.ConfigNode;
import io.visitorcounter.release.hocon.ConfigNode.NullValue;
import io.visitorcounter.release.hocon.ConfigNode.ObjectValue;
import io.visitorcounter.release.hocon.KeyPath;
import io.visitorcounter.release.hocon.Statement;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** One rendering: checks what was read against the contract, and makes the bundle if nothing is wrong. */
final class Renderer {

    private final EnvironmentConfig reading;
    private final Contract contract;
    private final SourceMap sources;
    private final Set<ConfigFault> faults;
    private final Set<KeyPath> reported = new HashSet<>();

    Renderer(EnvironmentConfig reading, Contract contract) {
        this.reading = reading;
        this.contract = contract;
        this.sources = reading.sources;
        this.faults = reading.faults();
    }

    /** Renders.
     *
     *  @param strays oddities of the folder, added to the warnings */
    Rendering render(List<ConfigFault> strays) {
        Contract.Validation validation = contract.validate(reading.app());
        validation.violations().forEach(violation -> report(violation, validation.complete()));
        findSecrets();
        AppEnv env = AppEnv.of(contract, validation.complete());
        env.violations().stream()
                .filter(violation -> !reported.contains(violation.path()))
                .forEach(violation -> report(violation, validation.complete()));
        if (!faults.isEmpty()) {
            SecretTaint taint = new SecretTaint(sources, contract);
            return new Rendering.Invalid(faults.stream().map(taint::masked).toList());
        }
        Bundle bundle = Bundle.of(validation.complete(), env.variables(), contract.digest());
        return new Rendering.Rendered(bundle, reading.policy(), warnings(strays));
    }

    private void report(Violation violation, ObjectValue config) {
        reported.add(violation.path());
        KeyPath path = EnvironmentConfig.APP.child(violation.path());
        Optional<Statement> source = sources.last(path);
        Optional<ConfigNode> node = config.at(violation.path());
        // An unresolved reference is a separate fault, at its line.
        boolean said =
                node.filter(value -> reading.references.isBroken(value, source)).isPresent();
        // If a file could not be read whole, a key that seems unset may be set.
        boolean unsure = !reading.isWhole()
                && source.filter(statement -> reading.isParsable(statement.file()))
                        .isEmpty();
        if (!said && !unsure) {
            String advice = node.filter(NullValue.class::isInstance).isPresent() ? adviceAtNull(violation.path()) : "";
            List<KeyPath> blamed = violation.blamed().stream()
                    .map(EnvironmentConfig.APP::child)
                    .toList();
            faults.add(sources.fault(path, blamed, violation.text() + advice));
        }
    }

    // Without the null, the value that it overrides applies; the default applies only if it overrides nothing.
    private String adviceAtNull(KeyPath path) {
        Optional<ConfigNode> preset = contract.at(path).flatMap(schema -> Optional.ofNullable(schema.preset()));
        KeyPath full = EnvironmentConfig.APP.child(path);
        boolean overrides = sources.history().stream()
                        .filter(statement -> statement.path().startsWith(full))
                        .count()
                > 1;
        if (overrides) {
            return "; null does not restore the default, so write the value to use"
                    + preset.map(value -> "; the default is " + AppConf.value(value))
                            .orElse("");
        }
        return "; leave the key out" + (preset.isPresent() ? " to have its default" : "");
    }

    private void findSecrets() {
        SecretSearch search = new SecretSearch(sources);
        reading.files.forEach(search::inText);
        search.inValues(KeyPath.ROOT, reading.root);
        search.atSecrets(contract);
        faults.addAll(search.faults());
    }

    private List<ConfigFault> warnings(List<ConfigFault> strays) {
        Set<ConfigFault> warnings = new TreeSet<>(repetitions());
        for (Statement statement : sources.history()) {
            statement
                    .lookalike()
                    .map(lookalike -> sources.fault(Optional.of(statement), lookalike.text()))
                    .ifPresent(warnings::add);
            LookalikeLetters.misleading(statement.path() + " " + statement.text())
                    .map(letter -> sources.fault(Optional.of(statement), letter + "; it looks like another"))
                    .ifPresent(warnings::add);
        }
        warnings.addAll(strays);
        return List.copyOf(warnings);
    }

    // A value that repeats what it overrides works, but hides a later change of the shared one.
    private List<ConfigFault> repetitions() {
        List<ConfigFault> warnings = new ArrayList<>();
        for (KeyPath path : sources.keys()) {
            List<Statement> hops = sources.hops(path);
            if (hops.size() > 1) {
                Statement last = hops.get(hops.size() - 1);
                Statement before = hops.get(hops.size() - 2);
                if (last.text().equals(before.text()) && !last.buildsOnItself()) {
                    warnings.add(
                            sources.fault(last.file(), last.line(), path, "repeats the value of " + before.place()));
                }
            }
        }
        return warnings;
    }
}
