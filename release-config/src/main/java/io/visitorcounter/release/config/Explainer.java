package io.visitorcounter.release.config;

import com.typesafe.config.ConfigException;
import io.visitorcounter.release.ReleaseException;
import io.visitorcounter.release.config.Explanation.Hop;
import io.visitorcounter.release.hocon.ConfigNode;
import io.visitorcounter.release.hocon.ConfigNode.ObjectValue;
import io.visitorcounter.release.hocon.ConfigNode.Reference;
import io.visitorcounter.release.hocon.ConfigNode.StringValue;
import io.visitorcounter.release.hocon.KeyPath;
import io.visitorcounter.release.hocon.SafeText;
import io.visitorcounter.release.hocon.Statement;
import io.visitorcounter.release.hocon.Statement.Substitution;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Follows a value back to where it was written. Works on a config with faults too, as far as that can be read. */
record Explainer(EnvironmentConfig reading, Contract contract) {

    Explanation explain(String key) {
        KeyPath path = path(key);
        boolean policy = path.startsWith(EnvironmentConfig.RELEASE) && !contract.knows(path);
        ObjectValue root =
                policy ? reading.root : contract.validate(reading.app()).complete();
        Optional<ConfigNode> node = root.at(path);
        Optional<Schema> schema = contract.at(path);
        if (node.orElse(null) instanceof ObjectValue branch) {
            throw noSuchKey(key, "; it is an object, so name one of its keys: " + children(path, branch));
        }
        if (node.isEmpty() && schema.isEmpty()) {
            String near = contract.nearest(path)
                    .map(known -> "; did you mean " + known + "?")
                    .orElse("");
            throw noSuchKey(key, near);
        }
        boolean secret = isSecret(path);
        List<Hop> hops = new ArrayList<>();
        schema.flatMap(known -> Optional.ofNullable(known.preset()))
                .ifPresent(preset -> hops.add(
                        new Hop(Hop.Kind.DEFAULT, contract.where(), 0, path.toString(), AppConf.value(preset))));
        KeyPath full = policy ? path : EnvironmentConfig.APP.child(path);
        List<Statement> given = reading.sources.hops(full);
        given.forEach(statement -> hops.add(hop(Hop.Kind.GIVEN, statement, path, secret)));
        if (!given.isEmpty()) {
            follow(given.get(given.size() - 1), secret, new HashSet<>(), hops);
        }
        if (node.orElse(null) instanceof Reference reference) {
            hops.add(new Hop(
                    Hop.Kind.VARIABLE, reference.variable(), 0, path.toString(), "read where the release runs"));
        }
        SecretTaint taint = new SecretTaint(reading.sources, contract);
        return new Explanation(path.toString(), node.map(found -> value(found, taint.contain(full))), hops);
    }

    private static ReleaseException noSuchKey(String key, String rest) {
        return new ReleaseException.NotFound(key + ": no such key" + rest);
    }

    private static String value(ConfigNode node, boolean secret) {
        boolean literal = node instanceof StringValue text && !text.value().isEmpty();
        return secret && literal ? "a literal" : SafeText.visible(AppConf.value(node));
    }

    // With or without the "app." that files have and contracts do not.
    private KeyPath path(String key) {
        try {
            KeyPath path = KeyPath.parse(key);
            boolean full =
                    path.startsWith(EnvironmentConfig.APP) && path.elements().size() > 1 && !contract.knows(path);
            return full ? path.from(1) : path;
        } catch (ConfigException unreadable) {
            throw noSuchKey(key, "; expected words with dots between, such as redis.port");
        }
    }

    // The statements of the keys that a value refers to, and of those that they refer to.
    private void follow(Statement statement, boolean secret, Set<Statement> seen, List<Hop> hops) {
        for (Substitution reference : statement.references()) {
            Optional<Statement> target = reference.targets().stream()
                    .flatMap(path -> reading.sources.last(path).stream())
                    .findFirst();
            target.filter(seen::add).ifPresent(source -> {
                KeyPath name = source.path().startsWith(EnvironmentConfig.APP)
                        ? source.path().from(1)
                        : source.path();
                hops.add(hop(Hop.Kind.REFERRED, source, name, secret || isSecret(name)));
                follow(source, secret, seen, hops);
            });
        }
    }

    private boolean isSecret(KeyPath path) {
        return contract.at(path).filter(Schema::secret).isPresent();
    }

    private Hop hop(Hop.Kind kind, Statement statement, KeyPath path, boolean secret) {
        boolean literal = statement.references().isEmpty() && !statement.text().equals("\"\"");
        String text = secret && literal ? "a literal" : SafeText.plain(statement.text());
        return new Hop(kind, reading.sources.shown(statement.file()), statement.line(), path.toString(), text);
    }

    private static String children(KeyPath path, ObjectValue branch) {
        return branch.children().keySet().stream()
                .map(child -> path.child(child).toString())
                .reduce((a, b) -> a + ", " + b)
                .orElse("it has none");
    }
}
