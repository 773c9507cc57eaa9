package io.visitorcounter.release.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.visitorcounter.release.Digest;
import io.visitorcounter.release.Environment;
import io.visitorcounter.release.ReleaseException;
import io.visitorcounter.release.ReleaseId;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.random.RandomGenerator;
import org.eclipse.jgit.lib.ObjectId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What every place of a ledger keeps to. */
abstract class LedgerContract {

    static final Environment DEV = new Environment("dev");
    static final Environment PROD = new Environment("prod");

    @TempDir
    Path folder;

    /** {@return the place of a ledger without an entry, the same each time} */
    abstract LedgerPlace place();

    @Test
    void whatIsAppendedIsReadAgain() {
        try (Ledger ledger = ledger()) {
            Entry appended = append(ledger, DEV, "one").orElseThrow();

            Snapshot history = ledger.read();
            assertThat(history.last(DEV)).contains((Release) appended);
            assertThat(history.last(PROD)).isEmpty();
            assertThat(history.environments()).containsExactly(DEV);
            assertThat(history.bundle(new ReleaseId(DEV, 1)).get("app.conf"))
                    .isEqualTo("one".getBytes(StandardCharsets.UTF_8));
        }
    }

    @Test
    void versionsCountPerEnvironmentAndTheChainOverAll() {
        try (Ledger ledger = ledger()) {
            append(ledger, DEV, "one");
            append(ledger, PROD, "one");
            append(ledger, DEV, "two");

            List<Release> history = ledger.read().history(DEV, 10);
            assertThat(history).extracting(release -> release.id().label()).containsExactly("dev v2", "dev v1");
            assertThat(history).extracting(Release::sequence).containsExactly(3L, 1L);
            assertThat(ledger.read().history(DEV, 1)).hasSize(1);
            HashChain chain = HashChain.walk(ledger.read());
            assertThat(chain.faults()).isEmpty();
            assertThat(chain.entries())
                    .extracting(Entry::path)
                    .containsExactly("dev/000002/entry.json", "prod/000001/entry.json", "dev/000001/entry.json");
        }
    }

    @Test
    void whoDecidesForNothingAppendsNothing() {
        try (Ledger ledger = ledger()) {
            append(ledger, DEV, "one");
            ObjectId before = ledger.read().commit();

            Optional<Entry> none = ledger.append(history -> Optional.empty());

            assertThat(none).isEmpty();
            assertThat(ledger.read().commit()).isEqualTo(before);
        }
    }

    @Test
    void anotherThatIsFirstIsSeenAndNothingIsLost() {
        try (Ledger ledger = ledger();
                Ledger other = ledger()) {
            append(ledger, DEV, "one");
            AtomicInteger decisions = new AtomicInteger();

            Optional<Entry> appended = ledger.append(history -> {
                if (decisions.incrementAndGet() == 1) {
                    append(other, DEV, "theirs");
                }
                return Optional.of(draft(history, DEV, "ours"));
            });

            assertThat(decisions).hasValue(2);
            assertThat(appended.orElseThrow().path()).isEqualTo("dev/000003/entry.json");
            assertThat(HashChain.walk(ledger.read()).faults()).isEmpty();
        }
    }

    @Test
    void whoIsNeverFirstGivesUpAndSaysSo() {
        try (Ledger other = ledger();
                Ledger ledger = Ledger.at(
                        place(),
                        folder.resolve("seen"),
                        new Retry(3, Duration.ZERO, Duration.ZERO, time -> {}, RandomGenerator.getDefault()))) {
            assertThatThrownBy(() -> ledger.append(history -> {
                        append(other, DEV, "theirs");
                        return Optional.of(draft(history, DEV, "ours"));
                    }))
                    .isInstanceOf(ReleaseException.Contention.class)
                    .hasMessageContaining("3 times in a row; nothing was released");
            assertThat(ledger.read().history(DEV, 10)).hasSize(3);
        }
    }

    @Test
    void manyWritersAtOnceMakeOneChain() throws Exception {
        int writers = 4;
        int each = 4;
        ExecutorService threads = Executors.newFixedThreadPool(writers);
        CountDownLatch start = new CountDownLatch(1);
        List<Future<?>> done = new ArrayList<>();
        for (int i = 0; i < writers; i++) {
            Environment environment = i % 2 == 0 ? DEV : PROD;
            done.add(threads.submit(() -> {
                try (Ledger ledger = ledger()) {
                    start.await();
                    for (int n = 0; n < each; n++) {
                        append(ledger, environment, "x");
                    }
                }
                return null;
            }));
        }

        start.countDown();
        for (Future<?> writer : done) {
            writer.get();
        }
        threads.shutdown();

        try (Ledger ledger = ledger()) {
            HashChain chain = HashChain.walk(ledger.read());
            assertThat(chain.faults()).isEmpty();
            assertThat(chain.entries()).hasSize(writers * each);
            assertThat(ledger.read().history(DEV, 100)).hasSize(writers * each / 2);
        }
    }

    @Test
    void aFreezeIsAnEntryToo() {
        try (Ledger ledger = ledger()) {
            append(ledger, DEV, "one");
            for (boolean frozen : new boolean[] {true, false}) {
                ledger.append(history -> Optional.of(Ledger.Draft.of(new Freeze(
                        EntryHeader.after(
                                history,
                                DEV,
                                history.freeze(DEV).map(Freeze::number).orElse(0) + 1,
                                act("audit")),
                        frozen))));
                assertThat(ledger.read().freeze(DEV).map(Freeze::frozen)).contains(frozen);
            }
            append(ledger, DEV, "two");

            assertThat(HashChain.walk(ledger.read()).faults()).isEmpty();
            assertThat(ledger.read().history(DEV, 10)).hasSize(2);
        }
    }

    Ledger ledger() {
        return Ledger.at(
                place(),
                folder.resolve("seen"),
                new Retry(
                        200,
                        Duration.ofMillis(2),
                        Duration.ofMillis(50),
                        time -> Thread.sleep(time.toMillis()),
                        RandomGenerator.getDefault()));
    }

    static Optional<Entry> append(Ledger ledger, Environment environment, String content) {
        return ledger.append(history -> Optional.of(draft(history, environment, content)));
    }

    static Ledger.Draft draft(Snapshot history, Environment environment, String content) {
        SortedMap<String, byte[]> files = new TreeMap<>();
        files.put("bundle/app.conf", content.getBytes(StandardCharsets.UTF_8));
        files.put("image/app-config.json", "{}".getBytes(StandardCharsets.UTF_8));
        Digest digest = Digest.of(content.getBytes(StandardCharsets.UTF_8));
        int version = history.last(environment).map(Release::number).orElse(0) + 1;
        return new Ledger.Draft(
                new Release(
                        EntryHeader.after(history, environment, version, act(content)),
                        Release.Origin.CREATED,
                        Optional.empty(),
                        new Release.Content(
                                new Release.ImageName("rel.tar", digest),
                                new Release.ImageName("app.tar", digest),
                                digest,
                                Optional.empty(),
                                Optional.of(new Release.ConfigCommit("0".repeat(40), true)),
                                Optional.empty())),
                files);
    }

    static Entry.Audit act(String why) {
        return new Entry.Audit("Ada", Instant.parse("2026-01-02T03:04:05Z"), Optional.of(why));
    }
}
