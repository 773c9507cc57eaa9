package io.visitorcounter.release.config;

import io.visitorcounter.release.Environment;
import io.visitorcounter.release.hocon.ConfigNode;
import io.visitorcounter.release.hocon.ConfigNode.ObjectValue;
import io.visitorcounter.release.hocon.ConfigNode.StringValue;
import io.visitorcounter.release.hocon.KeyPath;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Reads {@code release.deploy} of an environment's file. A key that a target does not have is read beside
 *  {@code targets}.
 *
 *  @param environment whose file it is
 *  @param faults takes a key and what is wrong with it */
record DeployReader(Environment environment, BiConsumer<KeyPath, String> faults) {

    static final String DEPLOY = "deploy";

    private static final KeyPath PATH = EnvironmentConfig.RELEASE.child(DEPLOY);
    private static final String ENGINE = "engine";
    private static final String CONTEXT = "context";
    private static final String NAMESPACE = "namespace";
    private static final String STACK = "stack";
    private static final String REPLICAS = "replicas";
    private static final String MEMORY = "memory";
    private static final String TIMEOUT = "timeout";
    private static final String SOAK = "soak";
    private static final String URL = "url";
    private static final String TARGETS = "targets";
    private static final List<String> OF_TARGET =
            List.of(ENGINE, CONTEXT, NAMESPACE, STACK, REPLICAS, MEMORY, TIMEOUT, SOAK, URL);

    private static final List<String> KEYS =
            Stream.concat(OF_TARGET.stream(), Stream.of(TARGETS)).toList();

    private static final String KUBERNETES = "kubernetes";
    private static final String SWARM = "swarm";
    private static final String NONE = "none";
    private static final String TEXT = "a text";

    // RFC 1123: the rule for namespaces; a stack's name is part of host names too.
    private static final Pattern NAME = Pattern.compile("[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?");

    private static final int DEFAULT_REPLICAS = 2;
    private static final int MAX_REPLICAS = 1000;
    private static final int DEFAULT_MEMORY = 256;
    private static final int MIN_MEMORY = 6;
    private static final int MAX_MEMORY = 1 << 20;

    /** The targets, sorted by name; none where the environment has none, or says {@code engine = none}. */
    List<DeploySettings> read(@Nullable ConfigNode node, boolean confirm) {
        return SettingReader.of(PATH, node, KEYS, faults)
                .map(deploy -> deploy.has(TARGETS)
                        ? targets(deploy, confirm)
                        : target(DeploySettings.ONLY, deploy, confirm).stream().toList())
                .orElse(List.of());
    }

    private List<DeploySettings> targets(SettingReader shared, boolean confirm) {
        check(shared);
        if (!(shared.node(TARGETS) instanceof ObjectValue named)
                || named.children().isEmpty()) {
            shared.expected(TARGETS, "an object with a target or more");
            return List.of();
        }
        List<DeploySettings> read = new ArrayList<>();
        named.children().forEach((name, target) -> {
            KeyPath at = PATH.child(TARGETS).child(name);
            if (!NAME.matcher(name).matches()) {
                faults.accept(at, "expected a name of a-z 0-9 -");
            } else {
                SettingReader.of(at, target, OF_TARGET, faults)
                        .flatMap(own -> target(name, own.over(shared), confirm))
                        .ifPresent(read::add);
            }
        });
        return read;
    }

    // The shared keys next to targets are checked even if each target overrides them, or no target could be read: a new
    // target would use them. A fault that a target reports too counts once.
    private void check(SettingReader shared) {
        if (shared.has(ENGINE)) {
            engine(shared);
        }
        shared.text(CONTEXT, TEXT);
        space(shared, STACK);
        space(shared, NAMESPACE);
        replicas(shared);
        memory(shared);
        timeout(shared);
        soak(shared);
        url(shared);
    }

    private static String engine(SettingReader keys) {
        String engine = keys.node(ENGINE) instanceof StringValue text ? text.value() : "";
        if (!List.of(KUBERNETES, SWARM, NONE).contains(engine)) {
            keys.expected(ENGINE, "kubernetes, swarm or none");
        }
        return engine;
    }

    private static int memory(SettingReader keys) {
        return keys.number(MEMORY, DEFAULT_MEMORY, MIN_MEMORY, MAX_MEMORY, "");
    }

    private static Duration timeout(SettingReader keys) {
        return keys.duration(TIMEOUT, Duration.ofMinutes(5), Duration.ofSeconds(10), Duration.ofHours(2));
    }

    private static Duration soak(SettingReader keys) {
        return keys.duration(SOAK, Duration.ofSeconds(10), Duration.ZERO, Duration.ofMinutes(30));
    }

    private Optional<DeploySettings> target(String name, SettingReader keys, boolean confirm) {
        String engine = engine(keys);
        if (engine.equals(NONE)) {
            return Optional.empty();
        }
        boolean isSwarm = engine.equals(SWARM);
        String other = isSwarm ? NAMESPACE : STACK;
        if (keys.has(other)) {
            keys.fault(other, "only " + (isSwarm ? KUBERNETES : SWARM) + " has one");
        }
        Optional<String> context = keys.text(CONTEXT, TEXT);
        if (confirm && context.isEmpty()) {
            keys.fault(CONTEXT, "expected the cluster's name, got none; with confirm = true it must be said");
        }
        DeploySettings settings = new DeploySettings(
                name,
                engine,
                context,
                space(keys, isSwarm ? STACK : NAMESPACE).orElse(environment.name()),
                replicas(keys),
                memory(keys),
                timeout(keys),
                soak(keys),
                url(keys));
        Duration soaks = settings.soak().multipliedBy(settings.replicas().orElse(1));
        if (settings.timeout().compareTo(soaks) <= 0) {
            keys.fault(
                    TIMEOUT,
                    "expected more than soak for each of the replicas, " + soaks.toSeconds() + " s, got "
                            + settings.timeout().toSeconds() + " s");
        }
        return Optional.of(settings);
    }

    private static Optional<String> space(SettingReader keys, String key) {
        Optional<String> name = keys.text(key, TEXT);
        if (name.filter(text -> !NAME.matcher(text).matches()).isPresent()) {
            keys.expected(key, "1..63 of a-z 0-9 -");
        }
        return name;
    }

    private static Optional<Integer> replicas(SettingReader keys) {
        return keys.node(REPLICAS) instanceof StringValue text && text.value().equals("auto")
                ? Optional.empty()
                : Optional.of(keys.number(REPLICAS, DEFAULT_REPLICAS, 1, MAX_REPLICAS, " or auto"));
    }

    private static Optional<URI> url(SettingReader keys) {
        return keys.text(URL, TEXT).flatMap(text -> {
            try {
                URI uri = URI.create(text);
                if (uri.getHost() != null
                        && uri.getUserInfo() == null
                        && uri.getQuery() == null
                        && uri.getFragment() == null
                        && ("http".equals(uri.getScheme()) || "https".equals(uri.getScheme()))) {
                    return Optional.of(uri);
                }
            } catch (IllegalArgumentException notOne) {
                // Reported below, with every other invalid form.
            }
            keys.fault(URL, "expected a URL such as https://count.example, without a login");
            return Optional.empty();
        });
    }
}
