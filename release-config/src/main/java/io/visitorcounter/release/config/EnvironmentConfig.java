package io.visitorcounter.release.config;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigValueFactory;
import io.visitorcounter.release.Environment;
import io.visitorcounter.release.LookalikeLetters;
import io.visitorcounter.release.config.Loader.Loaded;
import io.visitorcounter.release.hocon.ConfigNode.ObjectValue;
import io.visitorcounter.release.hocon.Duplicates;
import io.visitorcounter.release.hocon.KeyPath;
import io.visitorcounter.release.hocon.Nearest;
import io.visitorcounter.release.hocon.Outline;
import io.visitorcounter.release.hocon.Resolved;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** An environment's files, read and resolved, before a contract validates them. */
public final class EnvironmentConfig {

    /** The part that the contract validates. */
    static final KeyPath APP = new KeyPath(List.of("app"));

    /** The part with the policy. */
    static final KeyPath RELEASE = new KeyPath(List.of("release"));

    private static final int MAX_CIRCLES = 20;

    /** The files, each once. */
    final List<Outline> files;

    /** Where the values come from, and every statement. */
    final SourceMap sources;

    /** The references that resolve to no key. */
    final References references;

    /** All values. */
    final ObjectValue root;

    private final Policy policy;
    private final List<String> names;
    private final Loaded loaded;
    private final Set<ConfigFault> faults = new TreeSet<>();

    /** Reads an environment's file, and all it includes.
     *
     *  @param names of the top-level files
     *  @param environments those that have a file, including this one */
    EnvironmentConfig(
            ConfigSource source, List<String> names, List<Environment> environments, Environment environment) {
        String main = environment + EnvironmentFiles.SUFFIX;
        this.names = names;
        loaded = Loader.load(source, main);
        files = loaded.files();
        sources = new SourceMap(source.name(), main, loaded.history());
        faults.addAll(loaded.faults());
        files.forEach(this::findDuplicates);
        Resolved resolved = resolve();
        root = resolved.root();
        references = new References(sources, resolved.unknown());
        faults.addAll(references.faults());
        refuseOtherParts();
        policy = new PolicyReader(
                        source, environment, environments, (path, text) -> faults.add(sources.fault(path, text)))
                .read(root.children().get(RELEASE.first()));
    }

    /** Renders the config for a build.
     *
     *  @return the bundle, or everything that is wrong */
    public Rendering render(Contract contract) {
        return new Renderer(this, contract).render(strays());
    }

    /** Explains where the value of a key comes from, in a config with faults too.
     *
     *  @param contract what the build understands
     *  @param key such as {@code redis.port}, or {@code release.confirm}
     *  @return its value and the way it came
     *  @throws io.visitorcounter.release.ReleaseException.NotFound if there is no such key, or it is an object */
    public Explanation explain(Contract contract, String key) {
        return new Explainer(this, contract).explain(key);
    }

    /** {@return the files that were read, by path below the folder} */
    public Set<String> paths() {
        return files.stream().map(Outline::file).collect(Collectors.toCollection(TreeSet::new));
    }

    /** {@return what the environment requires of its releases, whatever its {@code app} part says; if the files have
     *  faults, the part that could be read} */
    public Policy policy() {
        return policy;
    }

    /** {@return what is wrong with the files, whatever the contract: one line each, sorted by file and line} */
    public List<String> faultTexts() {
        return faults.stream().map(ConfigFault::toString).toList();
    }

    /** The same. */
    Set<ConfigFault> faults() {
        return new TreeSet<>(faults);
    }

    /** Whether every file could be read whole, so that a key that seems unset is unset. */
    boolean isWhole() {
        return loaded.faults().isEmpty();
    }

    /** Whether the library could read a file, at least in part. */
    boolean isParsable(String file) {
        return files.stream()
                .anyMatch(read ->
                        read.file().equals(file) && read.errors().parsable().isPresent());
    }

    /** The part that the contract validates. */
    ObjectValue app() {
        return root.children().get(APP.first()) instanceof ObjectValue branch ? branch : ObjectValue.EMPTY;
    }

    // A file whose name can't be an environment's, and that this one does not include, is likely a mistake.
    private List<ConfigFault> strays() {
        List<String> used = files.stream().map(Outline::file).toList();
        return names.stream()
                .filter(name -> !name.equals(EnvironmentFiles.SHARED)
                        && !Environment.isValid(EnvironmentFiles.stem(name))
                        && !used.contains(name))
                .map(name -> sources.fault(
                        name,
                        0,
                        KeyPath.ROOT,
                        "not an environment: a name is " + Environment.RULE + "; files to include"
                                + " belong in a folder within"))
                .toList();
    }

    private void findDuplicates(Outline file) {
        Duplicates.find(
                file,
                (statement, text) -> faults.add(sources.fault(file.file(), statement.line(), statement.path(), text)));
    }

    private Resolved resolve() {
        Optional<ConfigFault> excess = Expansion.excess(sources);
        if (excess.isPresent()) {
            faults.add(excess.get());
            return Resolved.partly(loaded.raw());
        }
        try {
            return Resolved.of(loaded.raw());
        } catch (ConfigException broken) {
            tellUnresolvable(broken);
            return Resolved.partly(loaded.raw());
        }
    }

    // The library reports only the first cycle, so that one is removed, and it resolves again.
    private void tellUnresolvable(ConfigException first) {
        faults.add(References.unresolvable(first, sources));
        Config raw = loaded.raw();
        Optional<KeyPath> circle = References.circle(first, sources);
        for (int told = 1; circle.isPresent() && told < MAX_CIRCLES; told++) {
            try {
                raw = raw.withValue(circle.get().toString(), ConfigValueFactory.fromAnyRef("taken out"));
                Resolved.of(raw);
                return;
            } catch (ConfigException next) {
                circle = References.circle(next, sources)
                        .filter(another -> faults.add(References.unresolvable(next, sources)));
            }
        }
    }

    private void refuseOtherParts() {
        root.children().forEach((key, node) -> {
            KeyPath path = new KeyPath(List.of(key));
            if (path.equals(APP)) {
                if (!(node instanceof ObjectValue)) {
                    faults.add(sources.fault(path, "expected an object, got " + node.shown()));
                }
            } else if (!path.equals(RELEASE)) {
                String near = Nearest.hint(key, List.of(APP.first(), RELEASE.first()), found -> found);
                faults.add(sources.fault(
                        path, List.of(path), "expected app or release at the top" + near + LookalikeLetters.note(key)));
            }
        });
    }
}
