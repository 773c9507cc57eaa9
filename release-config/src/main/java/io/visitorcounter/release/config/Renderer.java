package io.visitorcounter.release.config;

import com.typesafe.config.ConfigException;
import io.visitorcounter.release.Environment;
import io.visitorcounter.release.config.ConfigNode.Branch;
import io.visitorcounter.release.config.ConfigNode.Mixed;
import io.visitorcounter.release.config.ConfigNode.Reference;
import io.visitorcounter.release.config.Judge.Complaint;
import io.visitorcounter.release.config.Loader.Loaded;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** One rendering: reads, resolves, judges, and collects every fault on the way. */
final class Renderer {

    static final KeyPath APP = new KeyPath(List.of("app"));
    static final KeyPath RELEASE = new KeyPath(List.of("release"));

    private final Environment environment;
    private final List<Environment> environments;
    private final Contract contract;
    private final Loaded loaded;
    private final Places places;
    private final Set<ConfigFault> faults = new TreeSet<>();

    Renderer(ConfigSource source, List<Environment> environments, Environment environment, Contract contract) {
        String main = environment + ".conf";
        this.environment = environment;
        this.environments = environments;
        this.contract = contract;
        this.loaded = Loader.load(source, main);
        this.places = new Places(source.name(), main, loaded.history());
    }

    Rendering render() {
        faults.addAll(loaded.faults());
        loaded.files().forEach(this::findTokens);
        loaded.files().forEach(file -> faults.addAll(places.givenTwice(file)));
        Resolved resolved = resolve();
        faults.addAll(References.broken(loaded.history(), resolved.unknown(), places));
        refuseOtherParts(resolved.root());
        Policy policy = policy(resolved.root());
        Contract.Verdict verdict = contract.judge(app(resolved.root()));
        Set<String> brokenNames = References.brokenNames(loaded.history(), resolved.unknown());
        verdict.complaints().stream()
                .filter(complaint -> !isBroken(verdict.complete(), complaint.path(), brokenNames))
                .forEach(this::add);
        AppEnv env = AppEnv.of(contract, verdict.complete());
        if (faults.isEmpty()) {
            env.complaints().forEach(this::add);
        }
        return faults.isEmpty()
                ? new Rendering.Rendered(
                        Bundle.of(verdict.complete(), env.variables(), contract.digest()), policy, List.of())
                : new Rendering.Refused(List.copyOf(faults));
    }

    private void findTokens(SourceFile file) {
        List<String> lines = file.text().lines().toList();
        for (int i = 0; i < lines.size(); i++) {
            int line = i + 1;
            TokenShape.find(lines.get(i))
                    .ifPresent(shape -> faults.add(places.fault(
                            file.path(),
                            line,
                            KeyPath.ROOT,
                            shape.noun() + " stands here; revoke it, and refer to a variable where the contract has"
                                    + " a secret")));
        }
    }

    private Resolved resolve() {
        try {
            return Resolved.of(loaded.raw());
        } catch (ConfigException broken) {
            faults.add(Syntax.unresolvable(broken, places));
            return Resolved.partly(loaded.raw());
        }
    }

    private void refuseOtherParts(Branch root) {
        for (String key : root.children().keySet()) {
            KeyPath path = new KeyPath(List.of(key));
            if (!path.equals(APP) && !path.equals(RELEASE)) {
                String near = Nearest.to(key, List.of("app", "release"))
                        .map(found -> "; did you mean " + found + "?")
                        .orElse("");
                faults.add(places.fault(path, List.of(path), "expected app or release at the top" + near));
            }
        }
    }

    private Policy policy(Branch root) {
        PolicyReader reader = new PolicyReader(environment, environments, places);
        Policy policy = reader.read(root.children().get(RELEASE.first()));
        faults.addAll(reader.faults());
        return policy;
    }

    private Branch app(Branch root) {
        ConfigNode app = root.children().get(APP.first());
        if (app instanceof Branch branch) {
            return branch;
        }
        if (app != null) {
            faults.add(places.fault(APP, List.of(APP), "expected an object, got " + app.shown()));
        }
        return Branch.EMPTY;
    }

    // What is wrong with a value that refers to nothing was said where the reference stands.
    private static boolean isBroken(Branch config, KeyPath path, Set<String> names) {
        return config.at(path).flatMap(Renderer::nameOf).filter(names::contains).isPresent();
    }

    private static Optional<String> nameOf(ConfigNode node) {
        if (node instanceof Reference reference) {
            return Optional.of(reference.name());
        }
        return node instanceof Mixed mixed ? Optional.of(mixed.name()) : Optional.empty();
    }

    private void add(Complaint complaint) {
        List<KeyPath> blamed = complaint.blamed().stream().map(APP::child).toList();
        // Where a file could not be read whole, a key that seems not to be set may well be.
        if (loaded.faults().isEmpty() || blamed.stream().anyMatch(places::knows)) {
            faults.add(places.fault(APP.child(complaint.path()), blamed, complaint.text()));
        }
    }
}
