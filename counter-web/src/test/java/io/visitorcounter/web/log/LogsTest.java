package io.visitorcounter.web.log;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import java.time.Instant;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import org.junit.jupiter.api.Test;

class LogsTest {

    @Test
    void anEventIsOneLineOfText() {
        LogRecord event = event(Level.INFO, "listening");

        assertThat(new TextLine().format(event)).isEqualTo("2026-01-02T03:04:05.006Z INFO web.http: listening\n");
    }

    @Test
    void aMessageCanNotForgeAnotherEvent() {
        LogRecord event = event(Level.WARNING, "name \r\n2026-01-02T03:04:05.006Z ERROR web: forged \u001b[31m");

        assertThat(new TextLine().format(event)).containsOnlyOnce("\n").doesNotContain("\r", "\u001b");
    }

    @Test
    void aTraceStaysOnTheLineOfItsEvent() {
        LogRecord event = event(Level.SEVERE, "failed");
        event.setThrown(new IllegalStateException("why"));

        String text = new TextLine().format(event);

        assertThat(text).containsOnlyOnce("\n").contains("failed | java.lang.IllegalStateException: why | at ");
    }

    @Test
    void anEventIsOneJsonObject() {
        LogRecord event = event(Level.SEVERE, "a \"quoted\" {0}");
        event.setParameters(new Object[] {"thing"});
        event.setThrown(new IllegalStateException("why"));

        String line = new JsonLine().format(event);

        var json = ConfigFactory.parseString(line);
        assertThat(line).containsOnlyOnce("\n");
        assertThat(json.getString("time")).isEqualTo("2026-01-02T03:04:05.006Z");
        assertThat(json.getString("level")).isEqualTo("ERROR");
        assertThat(json.getString("room")).isEqualTo("web.http");
        assertThat(json.getString("message")).isEqualTo("a \"quoted\" thing");
        assertThat(json.getString("trace")).startsWith("java.lang.IllegalStateException: why");
    }

    private static LogRecord event(Level level, String message) {
        LogRecord event = new LogRecord(level, message);
        event.setLoggerName("io.visitorcounter.web.http.Problem");
        event.setInstant(Instant.parse("2026-01-02T03:04:05.006Z"));
        return event;
    }
}
