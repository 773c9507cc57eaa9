package io.visitorcounter.release.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.visitorcounter.release.ReleaseException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** An engine's program, called. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class EngineClientTest {

    private static final Duration LIMIT = Duration.ofSeconds(20);

    @TempDir
    Path folder;

    private StubProgram stub;
    private EngineClient client;

    @BeforeEach
    void setUp() {
        stub = new StubProgram(folder, "engine");
        client = new EngineClient("engine", List.of("--context=c"), stub.variables());
    }

    @Test
    void itReadsItsStdinAndSaysWhatItSays() {
        stub.runs("*", "tr a-z A-Z; echo oops >&2; exit 3");

        EngineClient.Answer answer = client.call("hello", LIMIT, "get", "pods");

        assertThat(answer.exit()).isEqualTo(3);
        assertThat(answer.out()).isEqualTo("HELLO");
        assertThat(answer.complaint()).isEqualTo("oops");
        assertThat(stub.calls()).containsExactly("--context=c get pods");
    }

    @Test
    void oneThatReadsNothingOfMuchIsNoFailure() {
        stub.says("*", "done");

        assertThat(client.call("x".repeat(1 << 20), LIMIT, "get").out()).isEqualTo("done");
    }

    @Test
    void muchOutputIsReadWhole() {
        stub.runs("*", "head -c 3000000 /dev/zero | tr '\\0' x; head -c 300000 /dev/zero >&2");

        assertThat(client.must(LIMIT, "get")).hasSize(3_000_000);
    }

    @Test
    void aFailureIsToldWithItsComplaint() {
        stub.fails("*", 1, "Unable to connect\nto the server\n");

        assertThatThrownBy(() -> client.must(LIMIT, "get", "pods"))
                .isInstanceOf(ReleaseException.Unreachable.class)
                .hasMessage("engine get pods: Unable to connect; to the server");
    }

    @Test
    void oneThatHangsIsEndedWithWhatItStarted() throws Exception {
        Path child = folder.resolve("child");
        stub.runs("*", "sleep 1000 & echo $! >'" + child + "'; echo waiting >&2; wait");

        assertThatThrownBy(() -> client.must(Duration.ofSeconds(2), "get"))
                .isInstanceOf(ReleaseException.Unreachable.class)
                .hasMessageStartingWith("engine get: no answer within 2 s");

        long pid = Long.parseLong(Files.readString(child).strip());
        ProcessHandle.of(pid).ifPresent(left -> left.onExit().join());
        assertThat(ProcessHandle.of(pid)).isEmpty();
    }

    @Test
    void oneThatIsNotThereIsNamed() {
        EngineClient absent = new EngineClient("kubectl", List.of(), Map.of("PATH", folder.toString()));

        assertThatThrownBy(() -> absent.must(LIMIT, "get"))
                .isInstanceOf(ReleaseException.Unreachable.class)
                .hasMessage("kubectl: not found on the PATH; install it");
    }
}
