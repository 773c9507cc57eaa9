package io.visitorcounter.release.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import io.visitorcounter.release.FixtureApp;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What each command prints with {@code --output json} is as docs/output.schema.json says, and has no member beyond it. */
class OutputSchemaTest {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Path FILE = Path.of("..", "docs", "output.schema.json");

    @TempDir
    private Path project;

    private final Set<String> seen = new TreeSet<>();

    @Test
    void everyDocumentIsAsTheSchemaSays() throws IOException {
        ObjectNode written = (ObjectNode) JSON.readTree(FILE.toFile());
        Schema schema = strict(written);
        Tool tool = new Tool(project);
        String app = FixtureApp.tar(project.resolve("app.tar"), "1").toString();
        tool.config("dev", "app { greeting = one }");
        tool.config("test", "app { greeting = '1' }");

        for (String command : new String[] {
            "doctor",
            "check dev --app " + app,
            "check --all --app " + app,
            "render dev --app " + app,
            "schema dev --app " + app,
            "explain dev greeting --app " + app,
            "explain dev queue --app " + app,
            "create dev --app " + app + " --dry-run",
            "create dev --app " + app + " --reason first",
            "create dev --app " + app,
            "promote dev test",
            "freeze test --reason audit --dry-run",
            "freeze test --reason audit",
            "freeze test --reason audit",
            "promote dev test",
            "unfreeze test --reason done",
        }) {
            hold(schema, tool, command);
        }
        tool.config("dev", "app { greeting = two }");
        for (String command : new String[] {
            "create dev --app " + app,
            "rollback dev",
            "rollback dev --dry-run",
            "history dev",
            "status",
            "show dev@v1",
            "show test",
            "diff dev v1 v2",
            "verify --all --deep",
            "verify dev --reproduce",
            "repair",
            "repair --dry-run",
            "deploy dev",
            "history dev --deployments",
            "status --running",
            "show dev --deployment latest",
            "show dev@v99",
            "history nowhere",
            "create",
            "nosuch",
        }) {
            hold(schema, tool, command);
        }

        try (ReleasedApp pushed = new ReleasedApp(Files.createDirectories(project.resolve("pushed")))) {
            pushed.release("app {}");
            hold(schema, pushed.tool(), "manifest prod --format kubernetes");
            hold(schema, pushed.tool(), "manifest prod --format compose");
        }

        Set<String> kinds = new TreeSet<>(Set.of("error"));
        written.at("/else/properties/kind/enum").forEach(kind -> kinds.add(kind.asText()));
        // One that is shown needs an engine, as DeployTest has.
        kinds.remove("Deployment");
        assertThat(seen).isEqualTo(kinds);
    }

    @Test
    void theSchemaRefusesWhatIsNotSo() throws IOException {
        Schema schema = strict((ObjectNode) JSON.readTree(FILE.toFile()));

        for (String wrong : new String[] {
            "{}",
            "{\"schemaVersion\": 2, \"error\": {\"exitCode\": 1, \"code\": \"bug\", \"faults\": []}}",
            "{\"schemaVersion\": 1, \"error\": {\"exitCode\": \"1\", \"code\": \"bug\", \"faults\": []}}",
            "{\"schemaVersion\": 1, \"kind\": \"Nosuch\"}",
            "{\"schemaVersion\": 1, \"kind\": \"Check\", \"environments\": [\"dev\"]}",
            "{\"schemaVersion\": 1, \"kind\": \"Check\", \"environments\": [1], \"warnings\": []}",
            "{\"schemaVersion\": 1, \"kind\": \"Check\", \"environments\": [], \"warnings\": [], \"more\": 1}",
        }) {
            assertThat(schema.validate(wrong, InputFormat.JSON)).as(wrong).isNotEmpty();
        }
    }

    private void hold(Schema schema, Tool tool, String command) throws IOException {
        tool.run((command + " --output json").split(" ", -1));
        JsonNode printed = JSON.readTree(tool.out());

        assertThat(schema.validate(tool.out(), InputFormat.JSON))
                .as("%s: %s", command, tool.out())
                .isEmpty();
        seen.add(printed.path("kind").asText("error"));
    }

    /** Refuses members that it does not name, so that none is left undocumented. */
    private static Schema strict(ObjectNode schema) {
        close(schema.path("$defs"));
        return SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                .getSchema(schema.toString());
    }

    private static void close(JsonNode node) {
        node.forEach(OutputSchemaTest::close);
        if (node instanceof ObjectNode object
                && object.path("type").asText().equals("object")
                && object.has("properties")) {
            object.put("additionalProperties", false);
        }
    }
}
