package io.visitorcounter.release.config;

import com.typesafe.config.ConfigException;
import io.visitorcounter.release.Environment;
import io.visitorcounter.release.config.ConfigNode.Branch;
import io.visitorcounter.release.config.ConfigNode.Mixed;
import io.visitorcounter.release.config.ConfigNode.Reference;
import io.visitorcounter.release.config.Judge.Complaint;
import io.visitorcounter.release.config.Loader.Loaded;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** One rendering: reads, resolves, judges, and collects every fault on the way. */
final class Renderer {

    static final KeyPath APP = new KeyPath(List.of("app"));
    static final KeyPath RELEASE = new KeyPath(List.of("release"));

    private final ConfigSource source;
    private final Environment environment;
    private final List<Environment> environments;
    private final Contract contract;
    private final Loaded loaded;
    private final Places places;
    private final Set<ConfigFault> faults = new TreeSet<>();
    private final Set<KeyPath> complained = new HashSet<>();

    Renderer(ConfigSource source, List<Environment> environments, Environment environment, Contract contract) {
        this.source = source;
        String main = environment + ".conf";
        this.environment = environment;
        this.environments = environments;
        this.contract = contract;
        this.loaded = Loader.load(source, main);
        this.places = new Places(source.name(), main, loaded.history());
    }

    Rendering render() {
        faults.addAll(loaded.faults());
        loaded.files().forEach(this::findDuplicates);
        Resolved resolved = resolve();
        faults.addAll(References.broken(loaded.history(), resolved.unknown(), places));
        refuseOtherParts(resolved.root());
        Policy policy = policy(resolved.root());
        ConfigNode.Branch complete = judge(resolved);
        findSecrets(resolved.root());
        AppEnv env = AppEnv.of(contract, complete);
        env.complaints().stream()
                .filter(complaint -> !complained.contains(complaint.path()))
                .forEach(this::add);
        return faults.isEmpty()
                ? new Rendering.Rendered(Bundle.of(complete, env.variables(), contract.digest()), policy, List.of())
                : new Rendering.Refused(List.copyOf(faults));
    }

    private void findDuplicates(SourceFile file) {
        Duplicates.find(
                file,
                (statement, text) -> faults.add(places.fault(file.path(), statement.line(), statement.path(), text)));
    }

    private Resolved resolve() {
        Optional<Statement> tooLong = Growth.tooLong(loaded.history());
        if (tooLong.isPresent()) {
            Statement statement = tooLong.get();
            faults.add(places.fault(
                    statement.file(),
                    statement.line(),
                    statement.path(),
                    "references make it longer than " + Growth.LONGEST + " characters"));
            return Resolved.partly(loaded.raw());
        }
        try {
            return Resolved.of(loaded.raw());
        } catch (ConfigException broken) {
            faults.add(References.unresolvable(broken, loaded.history(), places));
            return Resolved.partly(loaded.raw());
        }
    }

    private Branch judge(Resolved resolved) {
        Contract.Verdict verdict = contract.judge(app(resolved.root()));
        Set<String> brokenNames = References.brokenNames(loaded.history(), resolved.unknown());
        for (Complaint complaint : verdict.complaints()) {
            if (isBroken(verdict.complete(), complaint.path(), brokenNames)) {
                complained.add(complaint.path());
            } else {
                add(complaint);
            }
        }
        return verdict.complete();
    }

    private void findSecrets(Branch root) {
        SecretSearch search = new SecretSearch(places);
        loaded.files().forEach(search::inText);
        search.inValues(KeyPath.ROOT, root);
        contract.schema().ifPresent(schema -> search.atSecrets(APP, schema, loaded.history()));
        faults.addAll(search.faults());
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
        PolicyReader reader = new PolicyReader(source, environment, environments, places);
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
        complained.add(complaint.path());
        List<KeyPath> blamed = complaint.blamed().stream().map(APP::child).toList();
        // Where a file could not be read whole, a key that seems not to be set may well be.
        if (loaded.faults().isEmpty() || blamed.stream().anyMatch(places::knows)) {
            faults.add(places.fault(APP.child(complaint.path()), blamed, complaint.text()));
        }
    }
}
