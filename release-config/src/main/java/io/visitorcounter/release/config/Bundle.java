package io.visitorcounter.release.config;

import com.typesafe.config.ConfigException;
import io.visitorcounter.release.Digest;
import io.visitorcounter.release.ReleaseException;
import io.visitorcounter.release.hocon.ConfigNode;
import io.visitorcounter.release.hocon.Resolved;
import io.visitorcounter.release.hocon.WrittenDuration;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/** The config of a release: a few small files that depend only on the environment's files and the contract. Secrets are
 *  references to variables. Immutable.
 *
 *  <ul>
 *  <li>{@code app.conf}: every key with its value, as JSON, except that references are HOCON's
 *    <li>{@code app.env}: {@code NAME=value} lines for {@code docker run --env-file}, without the secrets
 *    <li>{@code bundle.json}: kind, apiVersion, contract digest, the variables needed at run, and the other files' modes
 *        and digests
 *  </ul> */
public final class Bundle {

    /** The config that the app reads. */
    public static final String APP_CONF = "app.conf";

    /** The same for an app that reads variables. */
    public static final String APP_ENV = "app.env";

    /** The description of the bundle. */
    public static final String BUNDLE_JSON = "bundle.json";

    /** The mode of every file, in octal: read-only when the release runs. */
    public static final String MODE = "0444";

    private static final Set<String> NAMES = Set.of(APP_CONF, APP_ENV, BUNDLE_JSON);

    private final SortedMap<String, byte[]> files;
    private final Digest contractDigest;
    private final SortedSet<String> variables;
    private final SortedMap<String, String> env;
    private final Resolved resolved;

    private Bundle(
            SortedMap<String, byte[]> files,
            Digest contractDigest,
            SortedSet<String> variables,
            SortedMap<String, String> env,
            Resolved conf) {
        this.files = files;
        this.contractDigest = contractDigest;
        this.variables = Collections.unmodifiableSortedSet(variables);
        this.env = env;
        this.resolved = conf;
    }

    /** The bundle of a checked config. */
    static Bundle of(ConfigNode.ObjectValue config, SortedMap<String, String> env, Digest contractDigest) {
        byte[] appConf = utf8(AppConf.write(config));
        byte[] appEnv = utf8(lines(env));
        SortedSet<String> variables = new TreeSet<>();
        collectVariables(config, variables);
        byte[] bundleJson = utf8(BundleJson.write(appConf, appEnv, contractDigest, variables));
        return readFrom(Map.of(APP_CONF, appConf, APP_ENV, appEnv, BUNDLE_JSON, bundleJson));
    }

    /** {@return the bundle of these files}
     *
     *  @param files name to bytes, as {@link #files} returns and {@link #writeTo} writes them
     *  @throws ReleaseException.VerificationFailed if they are not a bundle, or were changed */
    public static Bundle readFrom(Map<String, byte[]> files) {
        files.keySet().stream()
                .filter(name -> !NAMES.contains(name))
                .sorted()
                .findFirst()
                .ifPresent(name -> {
                    throw refused(name + ": expected no such file");
                });
        byte[] appConf = file(files, APP_CONF);
        byte[] appEnv = file(files, APP_ENV);
        byte[] bundleJson = file(files, BUNDLE_JSON);
        BundleJson recorded = BundleJson.read(bundleJson);
        recorded.check(APP_CONF, appConf);
        recorded.check(APP_ENV, appEnv);
        Resolved conf = config(appConf);
        SortedSet<String> variables = new TreeSet<>();
        collectVariables(conf.root(), variables);
        byte[] expected = utf8(BundleJson.write(appConf, appEnv, recorded.contract(), variables));
        if (!Arrays.equals(expected, bundleJson)) {
            throw refused(BUNDLE_JSON + ": does not say what the other files say");
        }
        SortedMap<String, byte[]> copy =
                new TreeMap<>(Map.of(APP_CONF, appConf, APP_ENV, appEnv, BUNDLE_JSON, bundleJson));
        return new Bundle(copy, recorded.contract(), variables, variablesOf(appEnv), conf);
    }

    /** The error for files that are not a bundle. */
    static ReleaseException refused(String why) {
        return new ReleaseException.VerificationFailed(List.of("bundle: " + why));
    }

    private static byte[] file(Map<String, byte[]> files, String name) {
        byte[] bytes = files.get(name);
        if (bytes == null) {
            throw refused(name + ": expected a file, got none");
        }
        return bytes.clone();
    }

    private static Resolved config(byte[] appConf) {
        try {
            return AppConf.read(new String(appConf, StandardCharsets.UTF_8));
        } catch (ConfigException broken) {
            throw refused(APP_CONF + ": is not what this tool writes");
        }
    }

    private static SortedMap<String, String> variablesOf(byte[] appEnv) {
        SortedMap<String, String> env = new TreeMap<>();
        for (String line : new String(appEnv, StandardCharsets.UTF_8).lines().toList()) {
            int equals = line.indexOf('=');
            if (equals < 1) {
                throw refused(APP_ENV + ": expected lines of NAME=value");
            }
            env.put(line.substring(0, equals), line.substring(equals + 1));
        }
        return Collections.unmodifiableSortedMap(env);
    }

    /** {@return its files, name to bytes, sorted; copies} */
    public SortedMap<String, byte[]> files() {
        SortedMap<String, byte[]> copy = new TreeMap<>();
        files.forEach((name, bytes) -> copy.put(name, bytes.clone()));
        return copy;
    }

    /** {@return the digest of the sorted lines {@code path mode sha256}, one for each file, each ending with a
     *  newline} */
    public Digest digest() {
        StringBuilder lines = new StringBuilder();
        files.forEach((name, bytes) ->
                lines.append(name + " " + MODE + " " + Digest.of(bytes).hex() + "\n"));
        return Digest.of(utf8(lines.toString()));
    }

    /** {@return the digest of the contract that it was rendered for} */
    public Digest contractDigest() {
        return contractDigest;
    }

    /** {@return the names of the variables that hold its secrets at run, sorted} */
    public Set<String> variables() {
        return variables;
    }

    /** {@return the variables in {@code app.env}, name to value, sorted; no secrets} */
    public Map<String, String> env() {
        return env;
    }

    /** {@return every key with its value as {@code app.conf} writes it, sorted: strings in quotes, secrets as references} */
    public SortedMap<String, String> settings() {
        return Collections.unmodifiableSortedMap(AppConf.settings(resolved.root()));
    }

    /** {@return the duration that a key is set to; empty if there is no such key, or it is not a duration}
     *
     *  @param key such as {@code http.drain-delay} */
    public Optional<Duration> duration(String key) {
        return Optional.ofNullable(settings().get(key))
                .flatMap(text -> WrittenDuration.of(text.replaceAll("^\"|\"$", "")))
                .map(WrittenDuration::length);
    }

    /** Writes its files into a folder, over those of an earlier bundle.
     *
     *  @param folder created if missing
     *  @throws IOException if it can't be written */
    public void writeTo(Path folder) throws IOException {
        Files.createDirectories(folder);
        for (Map.Entry<String, byte[]> file : files.entrySet()) {
            Path target = folder.resolve(file.getKey());
            Files.deleteIfExists(target);
            Files.write(target, file.getValue());
        }
    }

    /** Its config. */
    Resolved resolved() {
        return resolved;
    }

    private static String lines(SortedMap<String, String> env) {
        StringBuilder lines = new StringBuilder();
        env.forEach((name, value) -> lines.append(name + "=" + value + "\n"));
        return lines.toString();
    }

    private static void collectVariables(ConfigNode node, SortedSet<String> into) {
        if (node instanceof ConfigNode.Reference reference) {
            into.add(reference.variable());
        } else if (node instanceof ConfigNode.ObjectValue branch) {
            branch.children().values().forEach(child -> collectVariables(child, into));
        } else if (node instanceof ConfigNode.ListValue items) {
            items.nodes().forEach(child -> collectVariables(child, into));
        }
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
