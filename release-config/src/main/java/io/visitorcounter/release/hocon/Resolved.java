package io.visitorcounter.release.hocon;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigList;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueFactory;
import io.visitorcounter.release.hocon.ConfigNode.BooleanValue;
import io.visitorcounter.release.hocon.ConfigNode.FractionValue;
import io.visitorcounter.release.hocon.ConfigNode.IntegerValue;
import io.visitorcounter.release.hocon.ConfigNode.ListValue;
import io.visitorcounter.release.hocon.ConfigNode.MixedValue;
import io.visitorcounter.release.hocon.ConfigNode.NullValue;
import io.visitorcounter.release.hocon.ConfigNode.ObjectValue;
import io.visitorcounter.release.hocon.ConfigNode.Reference;
import io.visitorcounter.release.hocon.ConfigNode.StringValue;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A config whose references to its own keys are resolved.
 *
 *  @param root the values; a reference to no key of the files is a {@link Reference}
 *  @param unknown the names, from the library, that no key of the files has
 *  @param raw the library's form, for the lines of values */
public record Resolved(ObjectValue root, Set<String> unknown, Config raw) {

    // A file can't contain NUL (the loader refuses it), so no text of a file can be taken for a reference.
    private static final String MARK = "\0";
    private static final Pattern WHOLE = Pattern.compile("-?[0-9]+");
    private static final Pattern VARIABLE = Pattern.compile("[A-Z][A-Z0-9_]*");

    /** Resolves; throws ConfigException on a cycle or on values that can't be joined. */
    public static Resolved of(Config raw) {
        Set<String> unknown = new TreeSet<>();
        Config config = Hermetic.resolve(raw, name -> {
            unknown.add(name);
            return ConfigValueFactory.fromAnyRef(MARK + name + MARK);
        });
        return new Resolved((ObjectValue) node(config.root()), unknown, config);
    }

    /** The readable part of a config that can't be resolved: the values without references. */
    public static Resolved partly(Config raw) {
        ConfigNode node = plain(raw.root());
        return new Resolved(node instanceof ObjectValue branch ? branch : ObjectValue.EMPTY, Set.of(), raw);
    }

    /** The line of the first of these keys that has one; 0 if none has. */
    public int line(List<KeyPath> keys) {
        return keys.stream()
                .filter(path -> !path.isRoot() && raw.hasPathOrNull(path.toString()) && !raw.getIsNull(path.toString()))
                .mapToInt(path -> raw.getValue(path.toString()).origin().lineNumber())
                .filter(line -> line > 0)
                .findFirst()
                .orElse(0);
    }

    private static @Nullable ConfigNode plain(ConfigValue value) {
        try {
            if (!(value instanceof ConfigObject object)) {
                return node(value);
            }
            SortedMap<String, ConfigNode> children = new TreeMap<>();
            object.forEach((key, child) -> {
                ConfigNode node = plain(child);
                if (node != null) {
                    children.put(key, node);
                }
            });
            return new ObjectValue(children);
        } catch (ConfigException.NotResolved open) {
            return null;
        }
    }

    /** Whether a name can be a variable's; any other name is a missing key. */
    public static boolean isVariable(String name) {
        return VARIABLE.matcher(name).matches();
    }

    private static ConfigNode node(ConfigValue value) {
        return switch (value.valueType()) {
            case OBJECT -> branch((ConfigObject) value);
            case LIST ->
                new ListValue(((ConfigList) value).stream().map(Resolved::node).toList());
            case BOOLEAN -> new BooleanValue((Boolean) value.unwrapped());
            case NULL -> new NullValue();
            case NUMBER -> number(value);
            case STRING -> text((String) value.unwrapped());
        };
    }

    private static ObjectValue branch(ConfigObject object) {
        SortedMap<String, ConfigNode> children = new TreeMap<>();
        object.forEach((key, child) -> children.put(key, node(child)));
        return new ObjectValue(children);
    }

    private static ConfigNode number(ConfigValue value) {
        // As a string, the library returns a number as it was written.
        String written = value.atKey("it").getString("it");
        boolean whole = value.unwrapped() instanceof Integer || value.unwrapped() instanceof Long;
        return whole && WHOLE.matcher(written).matches()
                ? new IntegerValue(((Number) value.unwrapped()).longValue())
                : new FractionValue(written);
    }

    private static ConfigNode text(String text) {
        int open = text.indexOf(MARK);
        if (open < 0) {
            return new StringValue(text);
        }
        int close = text.indexOf(MARK, open + 1);
        // In a file that is included at a key, the library prefixes the variable's name with that key.
        String name = text.substring(open + 1, close);
        String variable = name.substring(name.lastIndexOf('.') + 1);
        boolean alone = open == 0 && close == text.length() - 1;
        return alone ? new Reference(isVariable(variable) ? variable : name, name) : new MixedValue(name);
    }
}
