package io.visitorcounter.web.config;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigRenderOptions;
import com.typesafe.config.ConfigUtil;
import com.typesafe.config.ConfigValue;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** The keys as docs/config.md shows them: a row each. */
final class KeyTable {

    private KeyTable() {}

    /** {@return the table}
     *
     *  @param schema the text of config.schema.json */
    static String of(String schema) {
        List<String> rows = new ArrayList<>();
        rows.add("| key | value | default | variable | what |");
        rows.add("|---|---|---|---|---|");
        addRows("", ConfigFactory.parseString(schema).getConfig("properties"), rows);
        return String.join("\n", rows) + "\n";
    }

    private static void addRows(String prefix, Config properties, List<String> rows) {
        ConfigObject keys = properties.root();
        for (String key : keys.keySet().stream().sorted().toList()) {
            Config schema = properties.getConfig(ConfigUtil.quoteString(key));
            if (schema.hasPath("properties")) {
                addRows(prefix + key + ".", schema.getConfig("properties"), rows);
                continue;
            }
            String secret = schema.hasPath("writeOnly") && schema.getBoolean("writeOnly") ? "; a secret" : "";
            rows.add("| `" + prefix + key + "` | " + value(schema) + secret + " | " + shown(schema.getValue("default"))
                    + " | "
                    + (schema.hasPath("env") ? "`" + schema.getString("env") + "`" : "") + " | "
                    + schema.getString("description").replace("|", "\\|") + " |");
        }
    }

    private static String value(Config schema) {
        if (schema.hasPath("enum")) {
            return schema.getStringList("enum").stream()
                    .map(each -> "`" + each + "`")
                    .collect(Collectors.joining(", "));
        } else if (schema.hasPath("x-minimum")) {
            return "duration, " + schema.getString("x-minimum") + ".." + schema.getString("x-maximum");
        } else if (schema.hasPath("minimum")) {
            return schema.getInt("minimum") + ".." + schema.getInt("maximum");
        }
        return schema.getString("type").replace("string", "text").replace("boolean", "`true`, `false`");
    }

    private static String shown(ConfigValue value) {
        String text = value.render(ConfigRenderOptions.concise());
        return text.equals("\"\"") ? "empty" : "`" + text.replaceAll("^\"|\"$", "") + "`";
    }
}
