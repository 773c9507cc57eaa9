package io.visitorcounter.release.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.junit.jupiter.api.Test;

class ConfigChangeTest {

    @Test
    void theSameConfigWrittenAnotherWayHasNoChanges() {
        Bundle before = TestBundles.of("app { queue = 5, redis { port = 7 } }");
        Bundle after = TestBundles.of("# other words\napp.redis.port = 7\n\"app\" : { \"queue\" : 5 }");

        assertThat(ConfigChange.between(before, after)).isEmpty();
        assertThat(after.digest()).isEqualTo(before.digest());
    }

    @Test
    void changesAreSortedByKeyAndShowSecretsAsReferences() {
        Bundle before = TestBundles.of("app { queue = 5, labels { gone = 1 } }");
        Bundle after = TestBundles.of("app { queue = 6, redis.password = ${REDIS_PASSWORD}, labels { come = x } }");

        assertThat(ConfigChange.between(before, after))
                .containsExactly(
                        new ConfigChange("labels.come", Optional.empty(), Optional.of("\"x\"")),
                        new ConfigChange("labels.gone", Optional.of("1"), Optional.empty()),
                        new ConfigChange("queue", Optional.of("5"), Optional.of("6")),
                        new ConfigChange("redis.password", Optional.of("\"\""), Optional.of("${REDIS_PASSWORD}")))
                .extracting(ConfigChange::kind)
                .containsExactly(
                        ConfigChange.Kind.ADDED,
                        ConfigChange.Kind.REMOVED,
                        ConfigChange.Kind.CHANGED,
                        ConfigChange.Kind.CHANGED);
    }
}
