package io.visitorcounter.release.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.visitorcounter.release.Environment;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DeploySettingsTest {

    @Test
    void everyKeyIsRead() {
        Policy policy = good("""
            release {
              promote-from = dev
              promote-healthy = 1h
              deploy {
                engine = kubernetes
                context = prod-eu
                namespace = shop
                replicas = 3
                memory = 512
                timeout = 4m
                soak = 20s
                url = "https://count.example"
              }
            }
            """);

        assertThat(policy.promoteHealthy()).contains(Duration.ofHours(1));
        assertThat(policy.deploy())
                .containsExactly(new DeploySettings(
                        "default",
                        "kubernetes",
                        Optional.of("prod-eu"),
                        "shop",
                        Optional.of(3),
                        512,
                        Duration.ofMinutes(4),
                        Duration.ofSeconds(20),
                        Optional.of(URI.create("https://count.example"))));
    }

    @Test
    void whatIsNotSaidHasADefault() {
        DeploySettings settings = good("release.deploy.engine = swarm").deploy().get(0);

        assertThat(settings)
                .isEqualTo(new DeploySettings(
                        "default",
                        "swarm",
                        Optional.empty(),
                        "prod",
                        Optional.of(2),
                        256,
                        Duration.ofMinutes(5),
                        Duration.ofSeconds(10),
                        Optional.empty()));
    }

    @Test
    void aTargetHasItsOwnKeysAndTheSharedOnes() {
        List<DeploySettings> targets = good("""
            release.deploy {
              engine = kubernetes
              replicas = auto
              targets { eu { context = a }, us { context = b, replicas = 4 }, old.engine = none }
            }
            """).deploy();

        assertThat(targets).extracting(DeploySettings::name).containsExactly("eu", "us");
        assertThat(targets).extracting(DeploySettings::context).containsExactly(Optional.of("a"), Optional.of("b"));
        assertThat(targets).extracting(DeploySettings::replicas).containsExactly(Optional.empty(), Optional.of(4));
    }

    @Test
    void anEnvironmentMayHaveNoEngine() {
        assertThat(good("release.deploy.engine = none").deploy()).isEmpty();
        assertThat(good("app {}").deploy()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        release.deploy = 1                                       | release.deploy: expected an object, got 1
        release.deploy { }                                       | release.deploy.engine: expected kubernetes, swarm or none, got none
        release.deploy { engine = nomad }                        | release.deploy.engine: expected kubernetes, swarm or none, got "nomad"
        release.deploy { engine = 1 }                            | release.deploy.engine: expected kubernetes, swarm or none, got 1
        release.deploy { engine = swarm, replica = 3 }           | release.deploy.replica: no such key; did you mean release.deploy.replicas?
        release.deploy { engine = swarm, namespace = a }         | release.deploy.namespace: only kubernetes has one
        release.deploy { engine = kubernetes, stack = a }        | release.deploy.stack: only swarm has one
        release.deploy { engine = kubernetes, namespace = A_b }  | release.deploy.namespace: expected 1..63 of a-z 0-9 -, got "A_b"
        release.deploy { engine = swarm, replicas = 0 }          | release.deploy.replicas: expected 1..1000 or auto, got 0
        release.deploy { engine = swarm, replicas = many }       | release.deploy.replicas: expected 1..1000 or auto, got "many"
        release.deploy { engine = swarm, memory = 5 }            | release.deploy.memory: expected 6..1048576, got 5
        release.deploy { engine = swarm, timeout = 5 }           | release.deploy.timeout: expected a duration of 10s..7200s, got 5
        release.deploy { engine = swarm, soak = 31m }            | release.deploy.soak: expected a duration of 0s..1800s, got "31m"
        release.deploy { engine = swarm, timeout=20s, soak=10s } | release.deploy.timeout: expected more than soak for each of the replicas, 20 s, got 20 s
        release.deploy { engine = swarm, url = "ftp://a" }       | release.deploy.url: expected a URL such as https://count.example, without a login
        release.deploy { engine = swarm, url = "http://u:p@a" }  | release.deploy.url: expected a URL such as https://count.example, without a login
        release.deploy { engine = swarm, targets {} }            | release.deploy.targets: expected an object with a target or more, got an object
        release.deploy { engine = swarm, targets.A.memory = 9 }  | release.deploy.targets.A: expected a name of a-z 0-9 -
        release.deploy { engine = swarm, targets.a = 9 }         | release.deploy.targets.a: expected an object, got 9
        release.deploy { engine = swarm, targets.a.targets {} }  | release.deploy.targets.a.targets: no such key; there are engine, context, namespace, stack, replicas, memory, timeout, soak, url
        release { confirm = true, deploy.engine = swarm }        | release.deploy.context: expected the cluster's name, got none; with confirm = true it must be said
        release.promote-healthy = true                           | release.promote-healthy: needs promote-from, whose deployments it is about
        release { promote-from = dev, promote-healthy = 3 }      | release.promote-healthy: expected true, false or a duration such as 1h, got 3
        """)
    void whatIsWrongIsToldWithItsLine(String file, String fault) {
        EnvironmentConfig found = policy("app {}\n" + file);

        assertThat(found.faults()).hasSize(1);
        assertThat(found.faults().iterator().next().toString())
                .startsWith("environments/prod.conf")
                .endsWith(fault);
        // A key that is missing is told at the object that lacks it, or at the file.
        assertThat(found.faults().iterator().next().line())
                .isIn(fault.contains("got none") ? List.of(0, 2) : List.of(2));
    }

    @Test
    void whatStandsBesideTargetsIsCheckedWhateverTheyAreLike() {
        EnvironmentConfig found = policy("""
            release.deploy {
              engine = docker
              memory = 64m
              replicas = 0
              targets {
                a = 1
                b { engine = swarm, replicas = 2, memory = 64 }
              }
            }
            """);

        assertThat(found.faultTexts())
                .containsExactly(
                        "environments/prod.conf:2: release.deploy.engine: expected kubernetes, swarm or none, got \"docker\"",
                        "environments/prod.conf:3: release.deploy.memory: expected 6..1048576, got \"64m\"",
                        "environments/prod.conf:4: release.deploy.replicas: expected 1..1000 or auto, got 0",
                        "environments/prod.conf:6: release.deploy.targets.a: expected an object, got 1");
    }

    @Test
    void whoIsNamedTwiceAmongTheApproversIsOne() {
        EnvironmentConfig found = policy("""
            release {
              require-signature-by = [prod]
              require-approvals = 2
              approvers = [alice, alice]
            }
            """);

        assertThat(found.faultTexts())
                .containsExactly(
                        "environments/prod.conf:3: release.require-approvals: expected 2 or more approvers, got 1");
    }

    private static Policy good(String file) {
        EnvironmentConfig found = policy(file);
        assertThat(found.faults()).isEmpty();
        return found.policy();
    }

    private static EnvironmentConfig policy(String file) {
        return new EnvironmentFiles(ConfigSource.of(
                        "environments",
                        Map.of(
                                "prod.conf", file.getBytes(StandardCharsets.UTF_8),
                                "dev.conf", "app {}".getBytes(StandardCharsets.UTF_8))))
                .read(new Environment("prod"));
    }
}
