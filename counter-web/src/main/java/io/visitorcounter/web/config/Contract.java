package io.visitorcounter.web.config;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigList;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigParseOptions;
import com.typesafe.config.ConfigRenderOptions;
import com.typesafe.config.ConfigSyntax;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueType;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The contract, {@code config.schema.json}: which config this build understands. Judges with the keywords of JSON
 *  Schema 2020-12 that the file uses; an unknown keyword is a bug of the build, so it throws. */
public final class Contract {

    // The first line's say nothing about validity.
    private static final Set<String> KEYWORDS = Set.of(("$schema $id title description default writeOnly env"
                    + " type enum const pattern minLength maxLength minimum maximum format x-minimum x-maximum"
                    + " properties required additionalProperties if then")
            .split(" "));

    private final ConfigObject root;

    private Contract(ConfigObject root) {
        this.root = root;
    }

    /** {@return the contract of this build} */
    public static Contract ofThisBuild() {
        return of(ConfigFactory.parseResources(
                Contract.class.getClassLoader(),
                "config.schema.json",
                ConfigParseOptions.defaults().setSyntax(ConfigSyntax.JSON).setAllowMissing(false)));
    }

    static Contract of(Config schema) {
        return new Contract(schema.root());
    }

    /** {@return every leaf key with its keywords, by path, sorted} */
    Map<String, ConfigObject> keys() {
        Map<String, ConfigObject> keys = new TreeMap<>();
        collect("", root, keys);
        return keys;
    }

    /** {@return the variables that a key may also come from} */
    Set<String> variables() {
        return keys().values().stream()
                .filter(schema -> schema.containsKey("env"))
                .map(schema -> schema.toConfig().getString("env"))
                .collect(Collectors.toUnmodifiableSet());
    }

    /** {@return whether the key's value may be in no file and no message} */
    boolean isSecret(String key) {
        return secret(keys().get(key));
    }

    private static boolean secret(@Nullable ConfigObject schema) {
        return schema != null && Boolean.TRUE.equals(unwrapped(schema, "writeOnly"));
    }

    private static void collect(String path, ConfigObject schema, Map<String, ConfigObject> into) {
        if (schema.get("properties") instanceof ConfigObject properties) {
            properties.forEach((name, child) -> collect(join(path, name), (ConfigObject) child, into));
        } else {
            into.put(path, schema);
        }
    }

    /** {@return all faults of a resolved and complete config, in the order of its lines} */
    List<ConfigError> judge(ConfigObject config) {
        List<ConfigError> faults = new ArrayList<>();
        judge("", root, config, faults);
        keys().keySet().stream()
                .filter(key -> !config.toConfig().hasPathOrNull(key))
                .forEach(key -> faults.add(ConfigError.at(config.origin(), key, "missing; a config is complete")));
        faults.sort(null);
        return faults;
    }

    private void judge(String path, ConfigObject schema, ConfigValue value, List<ConfigError> faults) {
        for (String keyword : schema.keySet()) {
            if (!KEYWORDS.contains(keyword)) {
                throw new IllegalStateException("config.schema.json: " + path + ": unknown keyword " + keyword);
            }
        }
        String wrong = wrong(schema, value);
        if (wrong != null) {
            faults.add(ConfigError.at(
                    value.origin(),
                    path,
                    wrong + (secret(schema) ? "" : ", got " + value.render(ConfigRenderOptions.concise()))));
            return;
        }
        if (value instanceof ConfigObject object) {
            judgeEntries(path, schema, object, faults);
        }
        if (schema.get("if") instanceof ConfigObject condition
                && schema.get("then") instanceof ConfigObject consequence
                && holds(condition, value)) {
            judge(path, consequence, value, faults);
        }
    }

    private void judgeEntries(String path, ConfigObject schema, ConfigObject object, List<ConfigError> faults) {
        ConfigObject properties = schema.get("properties") instanceof ConfigObject there
                ? there
                : ConfigFactory.empty().root();
        object.forEach((name, child) -> {
            if (properties.get(name) instanceof ConfigObject known) {
                judge(join(path, name), known, child, faults);
            } else if (Boolean.FALSE.equals(unwrapped(schema, "additionalProperties"))) {
                String near = nearest(name, properties);
                faults.add(ConfigError.at(
                        child.origin(),
                        join(path, name),
                        "unknown key; " + (near == null ? "remove it" : "meant " + near + "?")));
            }
        });
        if (schema.get("required") instanceof ConfigList required) {
            for (ConfigValue name : required) {
                if (!object.containsKey(String.valueOf(name.unwrapped()))) {
                    faults.add(
                            ConfigError.at(object.origin(), join(path, String.valueOf(name.unwrapped())), "missing"));
                }
            }
        }
    }

    private boolean holds(ConfigObject schema, ConfigValue value) {
        List<ConfigError> faults = new ArrayList<>();
        judge("", schema, value, faults);
        return faults.isEmpty();
    }

    /** {@return what was expected of this value itself, or null where it is as expected} */
    private static @Nullable String wrong(ConfigObject schema, ConfigValue value) {
        Object type = unwrapped(schema, "type");
        Object got = value.unwrapped();
        // A variable is text always; a number or a truth value written as text in a file is a mistake.
        boolean variable = value.origin().description().startsWith(ConfigError.VARIABLE);
        if ("object".equals(type) && value.valueType() != ConfigValueType.OBJECT) {
            return "expected an object";
        }
        if ("boolean".equals(type)
                && !(got instanceof Boolean)
                && !(variable && ("true".equals(got) || "false".equals(got)))) {
            return "expected true or false";
        }
        if ("integer".equals(type)) {
            BigDecimal number = number(got, variable);
            BigDecimal least = number(schema, "minimum");
            BigDecimal most = number(schema, "maximum");
            if (number == null
                    || number.stripTrailingZeros().scale() > 0
                    || (least != null && number.compareTo(least) < 0)
                    || (most != null && number.compareTo(most) > 0)) {
                return "expected a whole number" + range(least, most);
            }
        }
        if (schema.get("enum") instanceof ConfigList choices
                && !choices.unwrapped().contains(got)) {
            return "expected one of " + choices.unwrapped();
        }
        Object constant = unwrapped(schema, "const");
        if (constant != null && !constant.equals(got)) {
            return "expected " + constant;
        }
        return "string".equals(type) || got instanceof String ? wrongText(schema, value) : null;
    }

    private static @Nullable String wrongText(ConfigObject schema, ConfigValue value) {
        if (!(value.unwrapped() instanceof String text)) {
            return "expected text";
        }
        BigDecimal shortest = number(schema, "minLength");
        BigDecimal longest = number(schema, "maxLength");
        BigDecimal length = BigDecimal.valueOf(text.codePointCount(0, text.length()));
        if ((shortest != null && length.compareTo(shortest) < 0)
                || (longest != null && length.compareTo(longest) > 0)) {
            return "expected" + range(shortest, longest) + " characters";
        }
        if (unwrapped(schema, "pattern") instanceof String pattern
                && !Pattern.compile(pattern).matcher(text).find()) {
            return "expected to match " + pattern;
        }
        return "hocon-duration".equals(unwrapped(schema, "format")) ? wrongDuration(schema, value) : null;
    }

    private static @Nullable String wrongDuration(ConfigObject schema, ConfigValue value) {
        Config least = schema.toConfig();
        try {
            var duration = value.atKey("d").getDuration("d");
            if (duration.compareTo(least.getDuration("x-minimum")) >= 0
                    && duration.compareTo(least.getDuration("x-maximum")) <= 0) {
                return null;
            }
        } catch (ConfigException e) {
            // falls through: the expectation below says all that there is to say
        }
        return "expected a duration from " + unwrapped(schema, "x-minimum") + " to " + unwrapped(schema, "x-maximum");
    }

    private static @Nullable BigDecimal number(ConfigObject schema, String keyword) {
        return number(unwrapped(schema, keyword), false);
    }

    private static @Nullable BigDecimal number(@Nullable Object value, boolean textToo) {
        if (value instanceof Number || (textToo && value instanceof String)) {
            try {
                return new BigDecimal(value.toString());
            } catch (NumberFormatException e) {
                return null;
            }
        }
        return null;
    }

    private static String range(@Nullable BigDecimal least, @Nullable BigDecimal most) {
        return " " + (least == null ? "" : least.toPlainString()) + ".." + (most == null ? "" : most.toPlainString());
    }

    private static @Nullable Object unwrapped(ConfigObject schema, String keyword) {
        ConfigValue value = schema.get(keyword);
        return value == null ? null : value.unwrapped();
    }

    private static String join(String path, String name) {
        return path.isEmpty() ? name : path + "." + name;
    }

    /** {@return the known key that differs by the fewest edits, at most 2, or null} */
    private static @Nullable String nearest(String name, ConfigObject known) {
        return known.keySet().stream()
                .filter(key -> edits(name, key) <= 2)
                .min(Comparator.comparingInt(key -> edits(name, key)))
                .orElse(null);
    }

    private static int edits(String a, String b) {
        int[] row = new int[b.length() + 1];
        for (int j = 0; j < row.length; j++) {
            row[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int substituted = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(substituted, 1 + Math.min(row[j], row[j - 1]));
            }
        }
        return row[b.length()];
    }
}
