package io.visitorcounter.release.config;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import io.visitorcounter.release.hocon.ConfigNode;
import io.visitorcounter.release.hocon.ConfigNode.BooleanValue;
import io.visitorcounter.release.hocon.ConfigNode.IntegerValue;
import io.visitorcounter.release.hocon.ConfigNode.ListValue;
import io.visitorcounter.release.hocon.ConfigNode.ObjectValue;
import io.visitorcounter.release.hocon.ConfigNode.Reference;
import io.visitorcounter.release.hocon.ConfigNode.StringValue;
import io.visitorcounter.release.hocon.Hermetic;
import io.visitorcounter.release.hocon.KeyPath;
import io.visitorcounter.release.hocon.Resolved;
import io.visitorcounter.release.hocon.SafeText;
import java.util.Iterator;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** A bundle's config as text: JSON, sorted by key, except that secrets are unquoted HOCON references. Written here and
 *  not by the HOCON library, so that no version of it or the JDK changes a byte. */
final class AppConf {

    private static final String INDENT = "  ";
    private static final String ROOT = "app";

    private AppConf() {}

    /** The text, which ends with a newline. */
    static String write(ObjectValue root) {
        StringBuilder out = new StringBuilder();
        write(root, "", out);
        return out.append('\n').toString();
    }

    /** One value as written in the text. */
    static String value(ConfigNode node) {
        StringBuilder out = new StringBuilder();
        write(node, "", out);
        return out.toString();
    }

    /** Every key that is not an object, with its value as written in the text. */
    static SortedMap<String, String> settings(ObjectValue root) {
        SortedMap<String, String> settings = new TreeMap<>();
        collect(KeyPath.ROOT, root, settings);
        return settings;
    }

    private static void collect(KeyPath path, ObjectValue branch, SortedMap<String, String> into) {
        branch.children().forEach((key, child) -> {
            if (child instanceof ObjectValue inner && !inner.children().isEmpty()) {
                collect(path.child(key), inner, into);
            } else {
                into.put(SafeText.visible(path.child(key).toString()), SafeText.visible(value(child)));
            }
        });
    }

    private static void write(ConfigNode node, String indent, StringBuilder out) {
        if (node instanceof ObjectValue branch) {
            writeBranch(branch, indent, out);
        } else if (node instanceof ListValue items) {
            writeItems(items, indent, out);
        } else if (node instanceof StringValue text) {
            out.append(quoted(text.value()));
        } else if (node instanceof IntegerValue whole) {
            out.append(whole.value());
        } else if (node instanceof BooleanValue flag) {
            out.append(flag.value());
        } else if (node instanceof Reference reference) {
            out.append("${").append(reference.variable()).append('}');
        } else {
            // Only an explanation of a config with faults gets here: no bundle holds such a value.
            out.append(node.shown());
        }
    }

    private static void writeBranch(ObjectValue branch, String indent, StringBuilder out) {
        if (branch.children().isEmpty()) {
            out.append("{}");
            return;
        }
        String inner = indent + INDENT;
        String separator = "{\n";
        for (Map.Entry<String, ConfigNode> child : branch.children().entrySet()) {
            out.append(separator).append(inner).append(quoted(child.getKey())).append(": ");
            write(child.getValue(), inner, out);
            separator = ",\n";
        }
        out.append('\n').append(indent).append('}');
    }

    private static void writeItems(ListValue items, String indent, StringBuilder out) {
        out.append('[');
        for (Iterator<ConfigNode> nodes = items.nodes().iterator(); nodes.hasNext(); ) {
            write(nodes.next(), indent, out);
            out.append(nodes.hasNext() ? ", " : "");
        }
        out.append(']');
    }

    /** A JSON string: quotes, backslashes, control characters and the separators U+2028 and U+2029 escaped. */
    static String quoted(String text) {
        StringBuilder out = new StringBuilder("\"");
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '"', '\\' -> out.append('\\').append(c);
                case '\n' -> out.append("\\n");
                case '\r' -> out.append("\\r");
                case '\t' -> out.append("\\t");
                default -> {
                    boolean escaped = c < ' ' || c == 0x7f || c == 0x2028 || c == 0x2029 || Character.isSurrogate(c);
                    out.append(escaped ? String.format("\\u%04x", (int) c) : c);
                }
            }
        }
        return out.append('"').toString();
    }

    /** Reads what {@link #write} wrote; throws ConfigException if it is malformed. */
    static Resolved read(String text) {
        // Under an extra key, so that a reference can't resolve to a key of the same name.
        String wrapped = quoted(ROOT) + ": " + text;
        Config config = ConfigFactory.parseString(wrapped, Hermetic.parsing(Bundle.APP_CONF));
        Resolved resolved = Resolved.of(config);
        if (resolved.root().children().get(ROOT) instanceof ObjectValue root
                && resolved.root().children().size() == 1) {
            return new Resolved(root, resolved.unknown(), resolved.raw().getConfig(ROOT));
        }
        throw new ConfigException.Generic("expected one object");
    }
}
