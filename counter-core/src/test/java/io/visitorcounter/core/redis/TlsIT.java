package io.visitorcounter.core.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.visitorcounter.core.CounterName;
import io.visitorcounter.core.CounterOptions;
import io.visitorcounter.core.CounterStore;
import io.visitorcounter.core.StoreException;
import io.visitorcounter.core.VisitorCounter;
import io.visitorcounter.core.contract.CallJournal;
import io.visitorcounter.core.contract.CountingProcess;
import io.visitorcounter.core.contract.RedisAccess;
import io.visitorcounter.core.contract.RedisServer;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Servers that speak only TLS, among themselves too, and know only one user: a server, Sentinels, a Cluster. */
@ParameterizedClass
@EnumSource(NetworkThread.class)
final class TlsIT {

    private static final CounterName HOME = CounterName.of("home");
    private static final Duration DEADLINE = Duration.ofSeconds(20);

    @TempDir
    static Path folder;

    private static RedisAccess access;

    @BeforeAll
    static void makeCertificate() {
        access = RedisAccess.secured(folder);
    }

    private final NetworkThread network;

    TlsIT(NetworkThread network) {
        this.network = network;
    }

    private CounterOptions options() {
        return network.options()
                .deadline(DEADLINE)
                .credentials(access.credentials())
                .certificates(access.certificate())
                .build();
    }

    @Test
    void oneServerCounts() throws Exception {
        try (RedisServer redis = RedisServer.start(access);
                CounterStore store = CounterStore.open(redis.uri(), options())) {
            assertThat(redis.uri()).hasScheme("rediss");
            assertThat(store.counter(HOME).visit(DEADLINE).number()).isEqualTo(1);
            assertThat(redis.command("GET", HOME.text())).isEqualTo("1");
        }
    }

    @Test
    void aMasterBehindSentinelsCountsAndSoDoesTheNextOne() throws Exception {
        CallJournal journal = new CallJournal();
        try (WatchedRedis redis = WatchedRedis.start(access, 1);
                CounterStore store = CounterStore.open(
                        URI.create("rediss-sentinel://127.0.0.1:"
                                + redis.sentinel().port() + "#home"),
                        options())) {
            VisitorCounter counter = network.begin(store.counter(HOME));
            journal.callOnce(counter, 3);
            RedisServer replica = redis.processes().get(1);
            Await.until(() -> replica.command("GET", HOME.text()).equals("3"));
            int before = redis.masterPort();

            redis.master().kill();
            Await.until(() -> redis.masterPort() != before);

            journal.callOnce(counter, 1);
            journal.check(counter.value().toCompletableFuture().join(), DEADLINE);
            assertThat(journal.counted()).isEqualTo(4);
        }
    }

    @Test
    void everyNodeOfAClusterCounts() throws Exception {
        try (RedisCluster cluster = RedisCluster.start(access, 0);
                CounterStore store = CounterStore.open(URI.create("rediss-cluster://" + cluster.hosts()), options())) {
            for (int i = 0; i < 30; i++) {
                assertThat(store.counter(CounterName.of("page-" + i))
                                .visit(DEADLINE)
                                .number())
                        .isEqualTo(1);
            }
            assertThat(cluster.nodes())
                    .allSatisfy(node ->
                            assertThat(Integer.parseInt(node.command("DBSIZE"))).isPositive());
        }
    }

    @Test
    void aCertificateThatTheJvmTrustsNeedsNoFile() throws Exception {
        try (RedisServer redis = RedisServer.start(access)) {
            URI uri = URI.create("rediss://counting:s3cret@127.0.0.1:" + redis.port());
            try (CountingProcess trusting = CountingProcess.start(
                    uri,
                    HOME,
                    "-Djavax.net.ssl.trustStore=" + folder.resolve("keys.p12"),
                    "-Djavax.net.ssl.trustStorePassword=changeit")) {
                Await.until(() -> trusting.said() >= 10 || !trusting.isAlive());

                assertThat(trusting.said()).isGreaterThanOrEqualTo(10);
            }
        }
    }

    @Test
    void anUnknownCertificateIsRefused() {
        try (RedisServer redis = RedisServer.start(access)) {
            assertThatThrownBy(() -> CounterStore.open(
                            redis.uri(),
                            CounterOptions.builder()
                                    .credentials(access.credentials())
                                    .build()))
                    .isInstanceOf(StoreException.class)
                    .hasMessageStartingWith(redis.uri() + ": can't connect: ")
                    .hasMessageContaining("an authority that is not trusted; give that authority's certificate");
        }
    }

    @Test
    void aCertificateForAnotherNameIsRefused() {
        try (RedisServer redis = RedisServer.start(access)) {
            // Leads to the loopback, whose certificate does not name it.
            URI other = URI.create("rediss://0.0.0.0:" + redis.port());

            assertThatThrownBy(() -> CounterStore.open(other, options()))
                    .isInstanceOf(StoreException.class)
                    .hasMessageContaining("0.0.0.0 found");
        }
    }

    @Test
    void certificatesForAPlainConnectionAreAMistakeThatIsNamed() {
        assertThatThrownBy(() -> CounterStore.open(URI.create("redis://127.0.0.1:1"), options()))
                .isInstanceOf(StoreException.class)
                .hasMessage("redis://127.0.0.1:1: certificates are given, but the connection is plain; an address that"
                        + " begins with rediss is one with TLS");
    }

    @Test
    void aFileWithoutCertificatesIsNamed(@TempDir Path files) throws Exception {
        Path empty = Files.createFile(files.resolve("empty.pem"));
        Path absent = files.resolve("absent.pem");
        Path cutOff = Files.writeString(
                files.resolve("torn.pem"),
                Files.readString(access.certificate()).substring(0, 300));
        URI uri = URI.create("rediss://127.0.0.1:1");

        for (Path file : new Path[] {empty, absent, cutOff}) {
            assertThatThrownBy(() -> CounterStore.open(
                            uri, CounterOptions.builder().certificates(file).build()))
                    .isInstanceOf(StoreException.class)
                    .hasMessageStartingWith(uri + ": " + file + ": expected certificates in PEM form, got ")
                    .satisfies(e ->
                            assertThat(((StoreException) e).isWrongOptions()).isTrue())
                    .hasMessageNotContaining("\n");
        }
    }
}
