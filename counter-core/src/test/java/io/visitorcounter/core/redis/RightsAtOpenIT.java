package io.visitorcounter.core.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.visitorcounter.core.CounterName;
import io.visitorcounter.core.CounterStore;
import io.visitorcounter.core.HourlyVisits;
import io.visitorcounter.core.NotCountedException;
import io.visitorcounter.core.StoreException;
import io.visitorcounter.core.VisitId;
import io.visitorcounter.core.VisitorCounter;
import io.visitorcounter.core.contract.RedisServer;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A user who lacks rights from the start: what is told when the store is opened, and which rights suffice. */
final class RightsAtOpenIT {

    private static final Duration SOON = Duration.ofSeconds(10);
    private static final CounterName HOME = CounterName.of("home");

    private static RedisServer redis;

    @BeforeAll
    static void start() {
        redis = RedisServer.start();
    }

    @AfterAll
    static void stop() {
        redis.close();
    }

    @BeforeEach
    void grantEverything() {
        RightsIT.grantEverything(redis);
    }

    @ParameterizedTest
    @MethodSource("io.visitorcounter.core.redis.RightsIT#countingCommands")
    void aRightThatIsMissingFromTheStartIsFoundAtOpen(String command) {
        redis.command("ACL", "SETUSER", "app", "-" + command);

        assertThatThrownBy(() -> RightsIT.open(redis))
                .isInstanceOf(StoreException.class)
                .hasMessage("redis://127.0.0.1:" + redis.port() + ": the user may not run " + command
                        + "; ACL SETUSER it +" + command);
        assertThat(redis.command("KEYS", "*")).isEmpty();
    }

    @Test
    void theRightsThatTheErrorNamesSuffice() throws Exception {
        redis.command("ACL", "SETUSER", "app", "reset", "on", ">secret", "~home", "~{home}:*");
        for (String right : ServerErrors.RIGHTS.split(" ", -1)) {
            redis.command("ACL", "SETUSER", "app", right);
        }

        try (CounterStore store = RightsIT.open(redis)) {
            VisitorCounter home = store.counter(HOME);
            assertThat(home.visit(SOON).number()).isEqualTo(1);
            assertThat(home.visit(VisitId.random()).toCompletableFuture().get().number())
                    .isEqualTo(2);
            assertThat(home.value().toCompletableFuture().get().value()).isEqualTo(2);
            Instant now = Instant.now();
            assertThat(home.history(now.minusSeconds(60), now)
                            .toCompletableFuture()
                            .get())
                    .extracting(HourlyVisits::visits)
                    .isNotEmpty();
            assertThat(home.health().toCompletableFuture().get().up()).isTrue();
        }
    }

    @Test
    void aUserWithFewRightsLearnsAllThatAreMissingAtOnce() {
        redis.command("ACL", "SETUSER", "app", "reset", "on", ">secret", "~home", "~{home}:*", "~visitor-counter");
        redis.command("ACL", "SETUSER", "app", "~{visitor-counter}:*", "+evalsha", "+eval", "+get", "+set", "+time");

        assertThatThrownBy(() -> RightsIT.open(redis))
                .isInstanceOf(StoreException.class)
                .hasMessageEndingWith("the user may not run incrby, hmget, hincrby, hset; ACL SETUSER it +incrby +hmget"
                        + " +hincrby +hset");
    }

    @Test
    void keysThatTheUserMayNotUseHarmNoOtherCounter() throws Exception {
        redis.command("ACL", "SETUSER", "app", "resetkeys", "~home", "~{home}:*");

        try (CounterStore store = RightsIT.open(redis)) {
            VisitorCounter stranger = store.counter(CounterName.of("stranger"));
            assertThatThrownBy(() -> stranger.visit(SOON))
                    .isInstanceOf(NotCountedException.class)
                    .hasMessageEndingWith(VisitCheck.NO_KEYS);
            assertThat(catchThrowable(
                            () -> stranger.value().toCompletableFuture().get()))
                    .hasCauseInstanceOf(StoreException.class);

            assertThat(store.health().up()).isTrue();
            assertThat(store.counter(HOME).health().toCompletableFuture().get().up())
                    .isTrue();
            assertThat(stranger.health().toCompletableFuture().get().up()).isFalse();
        }
    }
}
