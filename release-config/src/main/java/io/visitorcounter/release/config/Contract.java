package io.visitorcounter.release.config;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.visitorcounter.release.CanonicalJson;
import io.visitorcounter.release.Digest;
import io.visitorcounter.release.config.Schema.KeyType;
import io.visitorcounter.release.config.Validator.Violation;
import io.visitorcounter.release.hocon.ConfigNode;
import io.visitorcounter.release.hocon.KeyPath;
import io.visitorcounter.release.hocon.Nearest;
import io.visitorcounter.release.hocon.Resolved;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Which config a build understands: a JSON Schema of the keywords that this tool obeys. The image carries it.
 *
 *  <p>Known are {@code type} (object, string, integer, boolean), {@code properties}, {@code additionalProperties} (true,
 *  false), {@code required}, {@code enum}, {@code const}, {@code pattern}, {@code minLength}, {@code maxLength},
 *  {@code minimum}, {@code maximum}, {@code default}, {@code description}, {@code writeOnly} (a secret: only a reference
 *  will do), {@code if} with {@code then}, {@code env} (the variable that the app also takes), {@code format} (only
 *  {@code hocon-duration}, with {@code x-minimum} and {@code x-maximum}). Numbers with a fraction are not. Immutable. */
public final class Contract {

    private static final byte[] ANYTHING = "{}".getBytes(StandardCharsets.UTF_8);

    private final byte[] bytes;
    private final String where;
    private final Optional<Schema> schema;

    private Contract(byte[] bytes, String where, Optional<Schema> schema) {
        this.bytes = bytes;
        this.where = where;
        this.schema = schema;
    }

    /** {@return the contract in these bytes; {@code {}} is {@link #none()}}
     *
     *  @param json UTF-8; kept as it is, for the digest
     *  @param where how errors name it, such as {@code localhost:5000/counter-web@sha256:…}
     *  @throws ContractException if it is not a contract, naming everything that is wrong with it */
    public static Contract parse(byte[] json, String where) {
        JsonNode root;
        try {
            root = CanonicalJson.read(json);
        } catch (JsonProcessingException broken) {
            throw new ContractException(List.of(new ConfigFault(
                    where,
                    broken.getLocation() == null ? 0 : broken.getLocation().getLineNr(),
                    "contract",
                    "expected JSON: " + broken.getOriginalMessage())));
        } catch (IOException broken) {
            throw new ContractException(
                    List.of(new ConfigFault(where, 0, "contract", "expected JSON: " + broken.getMessage())));
        }
        if (root.isObject() && root.isEmpty()) {
            return new Contract(json.clone(), where, Optional.empty());
        }
        List<ConfigFault> faults = SchemaCheck.faults(where, root);
        if (!faults.isEmpty()) {
            throw new ContractException(faults);
        }
        Contract contract = new Contract(json.clone(), where, Optional.of(new Schema(root)));
        contract.refuseSharedVariables();
        return contract;
    }

    /** {@return the contract of an image without one: it allows everything and knows no keys} */
    public static Contract none() {
        return new Contract(ANYTHING, "no contract", Optional.empty());
    }

    /** {@return whether it is that of an image without one} */
    public boolean isNone() {
        return schema.isEmpty();
    }

    /** {@return the digest of its bytes} */
    public Digest digest() {
        return Digest.of(bytes);
    }

    /** {@return its keys in their own order; none without a contract} */
    public List<ContractKey> keys() {
        List<ContractKey> keys = new ArrayList<>();
        schema.ifPresent(root -> collect(KeyPath.ROOT, root, keys));
        return List.copyOf(keys);
    }

    /** Holds a bundle to this contract, such as that of an old release to today's build.
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
        return schema.flatMap(root -> root.at(path)).isPresent();
    }

    /** The key that was most likely meant: one that is nearly the same, or the same word at another place. */
    Optional<String> nearest(KeyPath path) {
        List<String> known = keys().stream().map(ContractKey::path).toList();
        return Nearest.to(path.toString(), known)
                .or(() -> known.stream()
                        .filter(key -> KeyPath.parse(key).last().equals(path.last()))
                        .findFirst());
    }

    /** How errors name it. */
    String where() {
        return where;
    }

    /** The schema; empty without a contract. */
    Optional<Schema> schema() {
        return schema;
    }

    /** Holds the config to the contract and fills in the defaults. Without a contract all is well as it is. */
    Validation validate(ConfigNode.ObjectValue given) {
        if (schema.isPresent()) {
            return validate(schema.get(), given);
        }
        Validator validator = new Validator();
        validator.checkOpen(KeyPath.ROOT, given, true);
        return new Validation(given, validator.violations());
    }

    /** The config with every default, and what is wrong with it. */
    record Validation(ConfigNode.ObjectValue complete, List<Violation> violations) {}

    private void refuseSharedVariables() {
        Map<String, String> keys = new HashMap<>();
        for (ContractKey key : keys()) {
            String other =
                    key.env().map(name -> keys.putIfAbsent(name, key.path())).orElse(null);
            if (other != null) {
                String text = "env: " + key.env().orElse("") + " is that of " + other + " already";
                throw new ContractException(List.of(new ConfigFault(where, 0, key.path(), text)));
            }
        }
    }

    private static Validation validate(Schema root, ConfigNode.ObjectValue given) {
        List<ContractKey> keys = new ArrayList<>();
        collect(KeyPath.ROOT, root, keys);
        Validator validator = new Validator(
                keys.stream().map(key -> KeyPath.parse(key.path())).toList());
        validator.check(KeyPath.ROOT, root, given);
        ConfigNode.ObjectValue complete = root.complete(given);
        validator.checkRules(KeyPath.ROOT, root, complete);
        return new Validation(complete, validator.violations());
    }

    private static void collect(KeyPath path, Schema schema, List<ContractKey> into) {
        if (schema.type() == KeyType.OBJECT) {
            schema.properties().forEach((name, child) -> collect(path.child(name), child, into));
            return;
        }
        into.add(new ContractKey(
                path.toString(),
                type(schema),
                schema.range(),
                Optional.ofNullable(schema.preset()).map(Schema::plain),
                schema.description(),
                schema.secret(),
                Optional.ofNullable(schema.env())));
    }

    private static String type(Schema schema) {
        if (schema.duration()) {
            return "duration";
        }
        return schema.type() == null ? "" : schema.type().word();
    }
}
