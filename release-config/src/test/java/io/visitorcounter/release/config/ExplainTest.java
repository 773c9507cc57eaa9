package io.visitorcounter.release.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.visitorcounter.release.ReleaseException;
import org.junit.jupiter.api.Test;

class ExplainTest {

    private final EnvironmentFiles files = TestBundles.files("base.conf", """
            app {
              redis.port = 6380
              http.port = ${app.redis.port}
            }
            """, "prod.conf", """
            include required("base.conf")
            app {
              redis.port = 6381
              redis.password = ${REDIS_PASSWORD}
            }
            release {
              confirm = true
            }
            """);

    @Test
    void eachHopOverridesTheOneBefore() {
        Explanation explanation = explain("redis.port");

        assertThat(explanation.value()).contains("6381");
        assertThat(explanation.hops())
                .extracting(Explanation.Hop::toString)
                .containsExactly(
                        "contract.json: 6379", "environments/base.conf:2: 6380", "environments/prod.conf:3: 6381");
    }

    @Test
    void aReferenceIsFollowedToTheKeyThatItNames() {
        Explanation explanation = explain("http.port");

        assertThat(explanation.value()).contains("6381");
        assertThat(explanation.hops())
                .extracting(hop -> hop.kind() + " " + hop.key() + " " + hop)
                .containsExactly(
                        "DEFAULT http.port contract.json: 8080",
                        "GIVEN http.port environments/base.conf:3: ${app.redis.port}",
                        "REFERRED redis.port environments/prod.conf:3: 6381");
    }

    @Test
    void aSecretEndsAtItsVariable() {
        Explanation explanation = explain("redis.password");

        assertThat(explanation.value()).contains("${REDIS_PASSWORD}");
        assertThat(explanation.hops())
                .last()
                .isEqualTo(new Explanation.Hop(
                        Explanation.Hop.Kind.VARIABLE,
                        "REDIS_PASSWORD",
                        0,
                        "redis.password",
                        "read where the release runs"));
    }

    @Test
    void aDefaultIsTheContracts() {
        Explanation explanation = explain("queue");

        assertThat(explanation.value()).contains("100");
        assertThat(explanation.hops()).extracting(Explanation.Hop::toString).containsExactly("contract.json: 100");
    }

    @Test
    void aLiteralAtASecretIsNotShown() {
        EnvironmentFiles bad = TestBundles.files("prod.conf", "app.redis.password = hunter2");

        Explanation explanation = bad.read(TestBundles.PROD).explain(TestContract.read(), "redis.password");

        assertThat(explanation.toString()).contains("a literal").doesNotContain("hunter2");
    }

    @Test
    void aSecretThatIsReferredToIsNotShownEither() {
        EnvironmentFiles bad =
                TestBundles.files("prod.conf", "app.redis.password = hunter2\napp.motd = ${app.redis.password}");

        Explanation explanation = bad.read(TestBundles.PROD).explain(TestContract.read(), "motd");

        assertThat(explanation.hops().toString()).contains("a literal").doesNotContain("hunter2");
    }

    @Test
    void thePolicyAndTheFilesOwnNamesCanBeAskedFor() {
        assertThat(explain("release.confirm").value()).contains("true");
        assertThat(explain("app.redis.port")).isEqualTo(explain("redis.port"));
    }

    @Test
    void aKeyThatThereIsNotIsNamedWithTheNearest() {
        assertThatThrownBy(() -> explain("redis.prot"))
                .isInstanceOf(ReleaseException.NotFound.class)
                .hasMessage("redis.prot: no such key; did you mean redis.port?");
        assertThatThrownBy(() -> explain("drain-delay"))
                .hasMessage("drain-delay: no such key; did you mean http.drain-delay?");
        assertThatThrownBy(() -> explain("colour")).hasMessage("colour: no such key");
        assertThatThrownBy(() -> explain("redis..port"))
                .hasMessage("redis..port: no such key; expected words with dots between, such as redis.port");
        assertThatThrownBy(() -> explain("http"))
                .hasMessage("http: no such key; it is an object, so name one of its keys: http.drain-delay, http.port");
    }

    private Explanation explain(String key) {
        return files.read(TestBundles.PROD).explain(TestContract.read(), key);
    }
}
