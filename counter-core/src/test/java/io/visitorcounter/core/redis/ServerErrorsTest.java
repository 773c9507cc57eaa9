package io.visitorcounter.core.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.RedisCommandTimeoutException;
import io.lettuce.core.RedisConnectionException;
import io.lettuce.core.RedisException;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.util.List;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;

/** What people are told of a failure. */
final class ServerErrorsTest {

    @Test
    void aConnectionThatWasCutIsOneReasonInWhateverWords() {
        for (Throwable cut : List.of(
                new ClosedChannelException(),
                new IOException("Connection reset by peer"),
                new RedisException("Connection closed"),
                new RedisException("Connection disconnected"),
                new RedisException("Connection is closed"),
                new RedisException("Currently not connected. Commands are rejected."))) {
            assertThat(ServerErrors.told(cut)).isEqualTo("not connected: the connection was cut");
            assertThat(ServerErrors.told(new CompletionException(cut)))
                    .isEqualTo("not connected: the connection was cut");
            assertThat(ServerErrors.told(new RedisConnectionException("x", cut)))
                    .isEqualTo("not connected: the connection was cut");
        }
        assertThat(ServerErrors.told(new RedisCommandTimeoutException("Command timed out")))
                .isEqualTo("Command timed out");
    }

    @Test
    void whereInTheScriptIsNotTold() {
        String digest = "5332031c6b470dc5a0dd9b4bf2030dea6d65de91";
        for (String text : List.of(
                "MISCONF no disk script: " + digest + ", on @user_script:25.",
                "NOTCOUNTED MISCONF no disk",
                "NOTCOUNTED @user_script: 25: -MISCONF no disk",
                "ERR Error running script (call to f_" + digest
                        + "): @user_script:25: @user_script: 25: -MISCONF no disk")) {
            assertThat(ServerErrors.oneLine(new RedisCommandExecutionException(text)))
                    .as(text)
                    .isEqualTo("MISCONF no disk");
        }
    }

    @Test
    void aFailureIsOneLine() {
        assertThat(ServerErrors.oneLine(new RedisException("Connection reset\n\tat somewhere")))
                .isEqualTo("Connection reset");
        assertThat(ServerErrors.oneLine(new RedisConnectionException("x", new IOException("Connection reset by peer"))))
                .isEqualTo("Connection reset by peer");
    }
}
