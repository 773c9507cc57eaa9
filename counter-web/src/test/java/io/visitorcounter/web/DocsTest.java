package io.visitorcounter.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Holds what the docs say of counter-web to what it is; the table of keys is held by {@code ConfigKeysTest}. */
class DocsTest {

    private static final Path DOCS = Path.of("..", "docs");

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

        assertThat(unsaid).as("URLs that docs/http.md does not name").isEmpty();
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
}
