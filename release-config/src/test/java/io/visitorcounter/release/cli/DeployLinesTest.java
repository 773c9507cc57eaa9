package io.visitorcounter.release.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.InputFormat;
import io.visitorcounter.release.Environment;
import io.visitorcounter.release.action.DeployProgress;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

class DeployLinesTest {

    private static final Environment PROD = new Environment("prod");

    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    private DeployLines lines(Map<String, String> variables) {
        PrintStream stream = new PrintStream(err, true, StandardCharsets.UTF_8);
        ProcessContext context =
                new ProcessContext(variables, Clock.systemUTC(), InputStream.nullInputStream(), stream, stream);
        return new DeployLines(context, new Printer(context, new GlobalOptions(new ReleaseCommand())));
    }

    private static DeployProgress roll(int ready, long seconds) {
        return new DeployProgress(
                DeployProgress.Leg.ROLL,
                ready + " of 4 new ready, 1 old left",
                Duration.ofSeconds(seconds),
                List.of(),
                Optional.of(new DeployProgress.Count(ready, 4)));
    }

    private static DeployProgress told(DeployProgress.Leg leg, String text, String... lines) {
        return new DeployProgress(leg, text, Duration.ZERO, List.of(lines));
    }

    private String printed() {
        return err.toString(StandardCharsets.UTF_8).replace("\r\u001b[K", "|").replace(System.lineSeparator(), "\n");
    }

    @Test
    void processesAreABarThatGrowsOnATerminal() {
        DeployLines lines = lines(Map.of("RELEASE_ERR_TERMINAL", "1"));

        lines.tell(told(DeployProgress.Leg.APPLY, "deployment 7"));
        lines.tell(roll(0, 1));
        lines.tell(roll(2, 5));
        lines.tell(told(DeployProgress.Leg.DOOMED, "app-1: exit 4", "http.port: expected 1..65535"));
        lines.end();

        assertThat(printed())
                .isEqualTo("apply    deployment 7\n"
                        + "|roll     [----------] 0 of 4 new ready, 1 old left  1 s"
                        + "|roll     [#####-----] 2 of 4 new ready, 1 old left  5 s\n"
                        + "doomed   app-1: exit 4\n"
                        + "         | http.port: expected 1..65535\n");
    }

    @Test
    void elsewhereEachChangeIsALine() {
        DeployLines lines = lines(Map.of());

        lines.tell(roll(2, 5));
        lines.tell(roll(4, 9));
        lines.end();

        assertThat(printed())
                .isEqualTo("roll     2 of 4 new ready, 1 old left  5 s\nroll     4 of 4 new ready, 1 old left  9 s\n");
    }

    @Test
    void asJsonEachChangeIsADocumentOnALineAsTheSchemaSays() throws IOException {
        ReleaseCommand top = new ReleaseCommand();
        GlobalOptions options = new GlobalOptions(top);
        new CommandLine(top.spec()).parseArgs("--output", "jsonl");
        PrintStream stream = new PrintStream(err, true, StandardCharsets.UTF_8);
        ProcessContext context =
                new ProcessContext(Map.of(), Clock.systemUTC(), InputStream.nullInputStream(), stream, stream);
        DeployLines lines = new DeployLines(context, new Printer(context, options));

        lines.tell(roll(2, 5));
        lines.tell(told(DeployProgress.Leg.DOOMED, "app-1: exit 4", "broken"));

        assertThat(printed().lines())
                .hasSize(2)
                .allSatisfy(line -> assertThat(OutputSchema.strict().validate(line, InputFormat.JSON))
                        .as(line)
                        .isEmpty())
                .first()
                .asString()
                .isEqualTo("{\"schemaVersion\":1,\"kind\":\"DeployProgress\",\"leg\":\"roll\","
                        + "\"text\":\"2 of 4 new ready, 1 old left\",\"seconds\":5,\"ready\":2,\"wanted\":4,"
                        + "\"lines\":[]}");
    }

    @Test
    void whoIsEndedSaysWhatBecomesOfWhatTheEngineWasTold() {
        DeployLines lines = lines(Map.of("RELEASE_ERR_TERMINAL", "1"));

        lines.left(PROD);
        assertThat(printed()).isEmpty();

        lines.tell(told(DeployProgress.Leg.APPLY, "deployment 7"));
        lines.tell(roll(4, 9));
        lines.left(PROD);

        assertThat(printed())
                .endsWith("9 s\nleft     the engine goes on by itself; release deploy prod watches it again, release"
                        + " deploy prod --abort backs it out\n");
    }
}
