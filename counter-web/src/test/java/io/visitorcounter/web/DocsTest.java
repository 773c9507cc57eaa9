package io.visitorcounter.web;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigRenderOptions;
import com.typesafe.config.ConfigUtil;
import com.typesafe.config.ConfigValue;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Holds what the docs say of counter-web to what it is. To write the table of keys anew:
 *
 *  <pre>mvn -pl counter-web -am test -Dtest=DocsTest -Dsurefire.failIfNoSpecifiedTests=false -Ddocs.write</pre> */
class DocsTest {

    private static final Path DOCS = Path.of("..", "docs");

    @Test
    void theTableOfKeysIsTheContract() throws IOException {
        Path page = DOCS.resolve("config.md");
        String text = Files.readString(page);
        int from = text.indexOf("<!-- keys -->") + "<!-- keys -->\n".length();
        int to = text.indexOf("<!-- /keys -->");
        String wanted = table();
        if (System.getProperty("docs.write") != null) {
            Files.writeString(page, text.substring(0, from) + wanted + text.substring(to));
            return;
        }

        assertThat(text.substring(from, to))
                .as("docs/config.md; -Ddocs.write writes it anew")
                .isEqualTo(wanted);
    }

    @Test
    void everyUrlIsInThePageAboutThem() throws IOException {
        String page = Files.readString(DOCS.resolve("http.md"));

        Set<String> unsaid = new TreeSet<>();
        try (RunningApp app = RunningApp.start(Map.of())) {
            app.router().routes().stream()
                    .map(route -> route.path())
                    .filter(path -> !page.contains(path + "`") && !page.contains(path + "?"))
                    .forEach(unsaid::add);
        }

        assertThat(unsaid).isEmpty();
    }

    @Test
    void alertsAndDashboardAskForMetricsThatThereAre() throws Exception {
        String monitoring = Files.readString(DOCS.resolve("monitoring/alerts.yml"))
                + Files.readString(DOCS.resolve("monitoring/grafana.json"));
        Set<String> asked = Pattern.compile("\\b(visitorcounter|http_server|jvm|live)_[a-z_]+")
                .matcher(monitoring)
                .results()
                .map(MatchResult::group)
                .collect(Collectors.toCollection(TreeSet::new));

        Set<String> there = new TreeSet<>();
        String metrics;
        try (RunningApp app = RunningApp.start(Map.of())) {
            app.get("/");
            metrics = app.get("/metrics").body();
            metrics.lines().filter(line -> !line.startsWith("#")).forEach(line -> there.add(line.split("[{ ]", 2)[0]));
        }

        assertThat(asked).hasSizeGreaterThan(8).isSubsetOf(there);
        assertThat(metrics).contains("outcome=\"not-counted\"", "outcome=\"maybe-counted\"", "status=\"5xx\"");
    }

    private static String table() {
        List<String> rows = new ArrayList<>();
        rows.add("| key | value | default | variable | what |");
        rows.add("|---|---|---|---|---|");
        addRows("", ConfigFactory.parseResources("config.schema.json").getConfig("properties"), rows);
        assertThat(rows).hasSizeGreaterThan(20);
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
