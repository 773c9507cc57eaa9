package io.visitorcounter.release.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import io.visitorcounter.release.FixtureApp;
import io.visitorcounter.release.trust.TestSigner;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What each command prints with {@code --output json} is as docs/output.schema.json says, and has no member beyond it. */
class OutputSchemaTest {

    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    private Path project;

    private final Set<String> seen = new TreeSet<>();

    @Test
    void everyDocumentIsAsTheSchemaSays() throws IOException {
        ObjectNode written = OutputSchema.written();
        Schema schema = OutputSchema.strict();
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
            "export dev " + project.resolve("dev.tar"),
            "show dev@v99",
            "history nowhere",
            "create",
            "nosuch",
        }) {
            hold(schema, tool, command);
        }

        TestSigner jenkins = TestSigner.make(project.resolve("jenkins"), "jenkins");
        TestSigner alice = TestSigner.person(project.resolve("alice"), "alice");
        jenkins.allow(project.resolve("environments"), "jenkins");
        alice.allow(project.resolve("environments"), "alice");
        tool.config(
                "approved",
                "app {}\nrelease { require-signature-by = jenkins, require-approvals = 1, approvers = alice }");
        for (String command : new String[] {
            "approve approved --from dev --dry-run",
            "approve approved --from dev --signing-key " + alice.file(),
            "promote dev approved --dry-run",
            "promote dev approved --signing-key " + jenkins.file(),
            "show approved",
            "history approved",
            "verify approved",
            "sign approved --dry-run --signing-key " + alice.file(),
            "sign approved --signing-key " + alice.file(),
            "sign approved --signing-key " + alice.file(),
        }) {
            hold(schema, tool, command);
        }

        try (ReleasedApp pushed = new ReleasedApp(Files.createDirectories(project.resolve("pushed")))) {
            pushed.release("app {}");
            TestSigner key = TestSigner.make(project.resolve("key"), "build-2026");
            key.allow(project.resolve("pushed/environments"), "build");
            pushed.tool().variables().put("JENKINS_URL", "https://ci.example/");
            String image = pushed.field("/appImage/name");
            hold(schema, pushed.tool(), "attest " + image + " --provenance --signing-key " + key.file());
            hold(schema, pushed.tool(), "manifest prod --format kubernetes");
            hold(schema, pushed.tool(), "manifest prod --format compose");
        }

        Set<String> kinds = new TreeSet<>(Set.of("error"));
        written.at("/else/properties/kind/enum").forEach(kind -> kinds.add(kind.asText()));
        // These need an engine: DeployTest and DeployLinesTest hold them.
        kinds.removeAll(Set.of("Deployment", "DeployProgress"));
        assertThat(seen).isEqualTo(kinds);
    }

    @Test
    void everyKindThatACommandPrintsIsInTheSchema() throws IOException {
        Set<String> described = new TreeSet<>();
        OutputSchema.written().at("/else/properties/kind/enum").forEach(kind -> described.add(kind.asText()));
        Set<String> printed = new TreeSet<>();
        try (Stream<Path> files = Files.list(Path.of("src/main/java/io/visitorcounter/release/cli"))) {
            for (Path file : files.toList()) {
                Pattern.compile("\\bOutput\\.document\\(\"([A-Z]\\w*)\"")
                        .matcher(Files.readString(file))
                        .results()
                        .forEach(kind -> printed.add(kind.group(1)));
            }
        }

        assertThat(printed)
                .as("kinds that are printed; describe a new one in docs/output.schema.json, and add its command to"
                        + " everyDocumentIsAsTheSchemaSays")
                .isEqualTo(described);
    }

    /** A kind that leads nowhere would be held to nothing. */
    @Test
    void everyKindLeadsToItsDescription() throws IOException {
        ObjectNode written = OutputSchema.written();
        Map<String, String> expected = new TreeMap<>();
        written.at("/else/properties/kind/enum")
                .forEach(kind -> expected.put(kind.asText(), "#/$defs/" + kind.asText()));
        Map<String, String> led = new TreeMap<>();
        written.at("/else/allOf")
                .forEach(branch -> led.put(
                        branch.at("/if/properties/kind/const").asText(),
                        branch.at("/then/$ref").asText()));

        assertThat(led).as("the branches of allOf in docs/output.schema.json").isEqualTo(expected);
        assertThat(written.path("$defs").fieldNames()).toIterable().containsAll(expected.keySet());
    }

    @Test
    void theSchemaRefusesWhatIsNotSo() throws IOException {
        Schema schema = OutputSchema.strict();

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
}
