package io.visitorcounter.release.config;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.visitorcounter.release.CanonicalJson;
import io.visitorcounter.release.Digest;
import io.visitorcounter.release.ReleaseException;
import io.visitorcounter.release.config.Schema.KeyType;
import io.visitorcounter.release.config.Validator.Violation;
import io.visitorcounter.release.hocon.ConfigNode;
import io.visitorcounter.release.hocon.KeyPath;
import io.visitorcounter.release.hocon.Nearest;
import io.visitorcounter.release.hocon.Resolved;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Which config a build understands: a JSON Schema, limited to the keywords that this tool enforces. The image carries
 *  it.
 *
 *  <p>The keywords are {@code type} (object, string, integer, boolean), {@code properties},
 *  {@code additionalProperties} (true, false), {@code required}, {@code enum}, {@code const}, {@code pattern},
 *  {@code minLength}, {@code maxLength}, {@code minimum}, {@code maximum}, {@code default}, {@code description},
 *  {@code writeOnly} (a secret: the value must be a reference), {@code if} with {@code then}, {@code env} (the
 *  variable that the app also takes), {@code format} (only {@code hocon-duration}, with {@code x-minimum} and
 *  {@code x-maximum}). Fractional numbers are not supported. Immutable. */
public final class Contract {

    private static final byte[] ANYTHING = "{}".getBytes(StandardCharsets.UTF_8);

    private final byte[] bytes;
    private final String where;
    private final Optional<Schema> schema;
    private final Map<KeyPath, Schema> settings = new LinkedHashMap<>();

    private Contract(byte[] bytes, String where, Optional<Schema> schema) {
        this.bytes = bytes;
        this.where = where;
        this.schema = schema;
        schema.ifPresent(root -> collect(KeyPath.ROOT, root));
    }

    private void collect(KeyPath path, Schema node) {
        if (node.type() == KeyType.OBJECT) {
            node.properties().forEach((name, child) -> collect(path.child(name), child));
        } else {
            settings.put(path, node);
        }
    }

    /** One key of a contract, as shown to operators.
     *
     *  @param path the key, {@code redis.port}
     *  @param type {@code string}, {@code integer}, {@code boolean} or {@code duration}
     *  @param range the allowed values, {@code 1..65535}; empty: any of its type
     *  @param defaultText the value if none is given, a string without quotes; empty: it has none
     *  @param description what it is for
     *  @param secret whether its value must be a reference to a variable
     *  @param env the variable that the app also reads it from */
    public record Key(
            String path,
            String type,
            String range,
            Optional<String> defaultText,
            String description,
            boolean secret,
            Optional<String> env) {}

    /** {@return the contract in these bytes; {@code {}} is {@link #none()}}
     *
     *  @param json UTF-8; kept as it is, for the digest
     *  @param where its name in errors, such as {@code localhost:5000/counter-web@sha256:…}
     *  @throws ReleaseException.ConfigInvalid if it is not a contract; lists everything that is wrong with it */
    public static Contract parse(byte[] json, String where) {
        JsonNode root;
        try {
            root = CanonicalJson.read(json);
        } catch (JsonProcessingException broken) {
            int line = broken.getLocation() == null ? 0 : broken.getLocation().getLineNr();
            throw invalid(new ConfigFault(where, line, "contract", "expected JSON: " + broken.getOriginalMessage()));
        } catch (IOException broken) {
            throw invalid(new ConfigFault(where, 0, "contract", "expected JSON: " + broken.getMessage()));
        }
        if (root.isObject() && root.isEmpty()) {
            return new Contract(json.clone(), where, Optional.empty());
        }
        List<ConfigFault> faults = SchemaCheck.faults(where, root);
        if (!faults.isEmpty()) {
            throw invalid(faults.toArray(ConfigFault[]::new));
        }
        Contract contract = new Contract(json.clone(), where, Optional.of(new Schema(root)));
        contract.refuseSharedVariables();
        return contract;
    }

    private static ReleaseException invalid(ConfigFault... faults) {
        return new ReleaseException.ConfigInvalid(
                Arrays.stream(faults).map(ConfigFault::toString).toList());
    }

    private void refuseSharedVariables() {
        Map<String, KeyPath> keys = new HashMap<>();
        settings.forEach((path, node) -> {
            String variable = node.env();
            KeyPath other = variable == null ? null : keys.putIfAbsent(variable, path);
            if (other != null) {
                throw invalid(new ConfigFault(
                        where, 0, path.toString(), "env: " + variable + " is that of " + other + " already"));
            }
        });
    }

    /** {@return the contract of an image without one: it allows everything and knows no keys} */
    public static Contract none() {
        return new Contract(ANYTHING, "no contract", Optional.empty());
    }

    /** {@return whether it stands for an image without a contract} */
    public boolean isNone() {
        return schema.isEmpty();
    }

    /** {@return the digest of its bytes} */
    public Digest digest() {
        return Digest.of(bytes);
    }

    /** {@return its keys in the contract's order; none without a contract} */
    public List<Key> keys() {
        return settings.entrySet().stream()
                .map(setting -> key(setting.getKey(), setting.getValue()))
                .toList();
    }

    private static Key key(KeyPath path, Schema node) {
        String type = node.type() == null ? "" : node.type().word();
        return new Key(
                path.toString(),
                node.duration() ? "duration" : type,
                node.range(),
                Optional.ofNullable(node.preset()).map(Schema::plain),
                node.description(),
                node.secret(),
                Optional.ofNullable(node.env()));
    }

    /** Checks a bundle against this contract, such as an old release's against today's build.
     *
     *  @param bundle of any release
     *  @return everything that does not fit, none if it fits; the file is the bundle's own */
    public List<ConfigFault> check(Bundle bundle) {
        Resolved resolved = bundle.resolved();
        return validate(resolved.root()).violations().stream()
                .map(violation -> new ConfigFault(
                        Bundle.APP_CONF,
                        resolved.line(violation.blamed()),
                        violation.path().toString(),
                        violation.text()))
                .sorted()
                .toList();
    }

    /** Whether it has the key. */
    boolean knows(KeyPath path) {
        return at(path).isPresent();
    }

    /** What the value of a key may be; empty if it has no such key. */
    Optional<Schema> at(KeyPath path) {
        return schema.flatMap(root -> root.at(path));
    }

    /** Every key that is not an object, in the contract's order. */
    Map<KeyPath, Schema> settings() {
        return Collections.unmodifiableMap(settings);
    }

    /** The key that was most likely meant: a similar one, or the same word in another place. */
    Optional<String> nearest(KeyPath path) {
        List<String> known = settings.keySet().stream().map(KeyPath::toString).toList();
        return Nearest.to(path.toString(), known)
                .or(() -> settings.keySet().stream()
                        .filter(key -> key.last().equals(path.last()))
                        .map(KeyPath::toString)
                        .findFirst());
    }

    /** Its name in errors. */
    String where() {
        return where;
    }

    /** The schema; empty without a contract. */
    Optional<Schema> schema() {
        return schema;
    }

    /** The config with every default, and what is wrong with it. */
    record Validation(ConfigNode.ObjectValue complete, List<Violation> violations) {}

    /** Checks the config against the contract and fills in the defaults. Without a contract, any config is valid. */
    Validation validate(ConfigNode.ObjectValue given) {
        Validator validator = new Validator(settings.keySet());
        if (schema.isEmpty()) {
            validator.checkOpen(KeyPath.ROOT, given, true);
            return new Validation(given, validator.violations());
        }
        Schema root = schema.get();
        validator.check(KeyPath.ROOT, root, given);
        ConfigNode.ObjectValue complete = root.complete(given);
        validator.checkRules(KeyPath.ROOT, root, complete);
        return new Validation(complete, validator.violations());
    }
}
