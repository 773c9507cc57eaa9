package io.visitorcounter.web;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigUtil;
import java.net.http.HttpResponse;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Holds /openapi.json to the routes and to what they respond with. */
class OpenApiTest {

    private static final String TOKEN = "a-secret-of-the-test";

    private static RunningApp app;

    @BeforeAll
    static void start() {
        app = RunningApp.start(Map.<String, Object>of("admin.token", TOKEN, "note-visitors", true));
    }

    @AfterAll
    static void stop() {
        app.close();
    }

    @Test
    void everyRouteIsDescribedAndNothingElse() throws Exception {
        Set<String> described = new TreeSet<>();
        openApi()
                .getObject("paths")
                .forEach((path, item) -> ((ConfigObject) item)
                        .keySet().stream()
                                .filter(key -> !key.equals("parameters"))
                                .forEach(method ->
                                        described.add(method.toUpperCase(java.util.Locale.ROOT) + " " + path)));

        Set<String> routes = new TreeSet<>();
        app.router().routes().forEach(route -> routes.add(route.method() + " " + route.path()));

        assertThat(described)
                .as("what openapi.json describes, held to the routes")
                .isEqualTo(routes);
    }

    @Test
    void everyReferenceLeadsSomewhere() throws Exception {
        Config document = openApi();
        Matcher references = Pattern.compile("\"\\$ref\" *: *\"#/([^\"]+)\"")
                .matcher(app.get("/openapi.json").body());

        int found = 0;
        while (references.find()) {
            assertThat(document.hasPath(references.group(1).replace('/', '.')))
                    .as(references.group(1))
                    .isTrue();
            found++;
        }

        assertThat(found).isPositive();
    }

    @Test
    void anAnswerHasADescribedStatusAndTypeAndItsRequiredMembers() throws Exception {
        app.get("/");
        for (String path : openApi().getObject("paths").keySet()) {
            if (path.endsWith("/live")) {
                continue; // never ends, but /health/live; both are tested elsewhere
            }
            String method = path.endsWith("/visits") ? "POST" : "GET";

            HttpResponse<String> response =
                    app.send(method, path.replace("{name}", "visitorCount"), "Authorization", "Bearer " + TOKEN);

            Config responses = openApi()
                    .getConfig("paths." + ConfigUtil.quoteString(path) + "." + method.toLowerCase(java.util.Locale.ROOT)
                            + ".responses");
            String status = "\"" + response.statusCode() + "\"";
            assertThat(responses.hasPath(status)).as(path + " " + status).isTrue();
            if (response.statusCode() != 204) {
                String type = response.headers()
                        .firstValue("content-type")
                        .orElseThrow()
                        .replaceAll(";.*", "");
                assertThat(responses.getObject(status + ".content").keySet())
                        .as(path)
                        .contains(type);
                String schema = status + ".content." + ConfigUtil.quoteString(type) + ".schema.\"$ref\"";
                if (responses.hasPath(schema)) {
                    Config model = openApi()
                            .getConfig(responses.getString(schema).substring(2).replace('/', '.'));
                    assertThat(ConfigFactory.parseString(response.body()).root().keySet())
                            .as(path)
                            .containsAll(model.getStringList("required"));
                    assertThat(model.getObject("properties").keySet())
                            .as(path)
                            .containsAll(ConfigFactory.parseString(response.body())
                                    .root()
                                    .keySet());
                }
            }
        }
    }

    private static Config openApi() throws Exception {
        return ConfigFactory.parseString(app.get("/openapi.json").body());
    }
}
