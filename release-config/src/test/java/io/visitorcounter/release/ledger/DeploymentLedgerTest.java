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
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The branch of the deployments: a chain of its own beside that of the releases. */
class DeploymentLedgerTest {

    private static final Environment PROD = new Environment("prod");
    private static final Instant NOW = Instant.parse("2026-11-28T10:00:00Z");
    private static final Digest SOME = Digest.of(new byte[] {1});
    private static final String MANIFEST = "kind: \"Deployment\"\n";

    @TempDir
    Path folder;

    private Ledger releases;
    private Ledger deployments;

    @BeforeEach
    void open() {
        LedgerPlace place = new LedgerPlace.Local(folder.resolve("ledger.git"), true);
        releases = Ledger.at(place, folder.resolve("seen"), Retry.standard());
        deployments = Ledger.deployments(place, folder.resolve("seen"), Retry.standard(), false);
    }

    @AfterEach
    void close() {
        releases.close();
        deployments.close();
    }

    @Test
    void whatIsAppendedIsReadAgain() {
        Deployment begun = begin(1, "default");
        DeploymentEnd ended = end(1, DeploymentEnd.Result.BACKED_OUT);

        DeploymentRecord record = record();
        assertThat(record.find(PROD, 1)).contains(new DeploymentRecord.Course(begun, Optional.of(ended)));
        assertThat(record.manifest(begun)).isEqualTo(MANIFEST);
        assertThat(record.environments()).containsExactly(PROD);
        assertThat(record.strays(begun)).isEmpty();
        HashChain chain = HashChain.walk(deployments.read());
        assertThat(chain.faults()).isEmpty();
        assertThat(chain.entries()).containsExactly(ended, begun);
    }

    @Test
    void theLastOfATargetIsNotThatOfAnother() {
        begin(1, "eu");
        end(1, DeploymentEnd.Result.HEALTHY);
        begin(2, "us");
        begin(3, "eu");
        end(3, DeploymentEnd.Result.FAILED);

        DeploymentRecord record = record();
        assertThat(record.last(PROD, "eu").orElseThrow().begun().number()).isEqualTo(3);
        assertThat(record.lastHealthy(PROD, "eu").orElseThrow().begun().number())
                .isEqualTo(1);
        assertThat(record.lastHealthy(PROD, "us")).isEmpty();
        assertThat(record.history(PROD, 2))
                .extracting(course -> course.begun().number())
                .containsExactly(3, 2);
        assertThat(record.newest(PROD)).isEqualTo(3);
    }

    @Test
    void oneWithoutAnEndIsOverdueAfterItsDeadline() {
        begin(1, "default");

        DeploymentRecord.Course course = record().find(PROD, 1).orElseThrow();

        assertThat(course.isOverdue(NOW.plusSeconds(60))).isFalse();
        assertThat(course.isOverdue(NOW.plusSeconds(61))).isTrue();
        assertThat(course.isHealthy()).isFalse();
    }

    @Test
    void theReleasesAreUntouchedByDeployments() {
        releases.append(history -> Optional.of(Ledger.Draft.of(
                new Freeze(EntryHeader.after(history, PROD, 1, new Entry.Audit("me", NOW, Optional.empty())), true))));
        var before = releases.read().commit();

        begin(1, "default");
        end(1, DeploymentEnd.Result.HEALTHY);

        assertThat(releases.read().commit()).isEqualTo(before);
        assertThat(releases.read().environments()).containsExactly(PROD);
        assertThat(releases.read().names("prod")).containsExactly("freezes");
        assertThat(HashChain.walk(releases.read()).entries()).hasSize(1);
        assertThat(deployments.read().names("prod")).containsExactly("000001");
    }

    @Test
    void anEndOfWhatNeverBeganIsFound() {
        end(4, DeploymentEnd.Result.HEALTHY);

        assertThat(HashChain.walk(deployments.read()).faults())
                .singleElement()
                .asString()
                .endsWith("prod/000004/ended.json: is the end of a deployment that never began");
    }

    @Test
    void aMissingDeploymentIsFound() {
        begin(2, "default");

        assertThat(HashChain.walk(deployments.read()).faults())
                .singleElement()
                .asString()
                .endsWith("prod's deployments: expected the first to be number 1, got 2");
    }

    @Test
    void anotherManifestThanTheEntrySaysIsRefused() {
        Deployment begun = begin(1, "default");
        Deployment other = new Deployment(begun.header(), begun.place(), subject(SOME), Optional.empty(), NOW);

        assertThatThrownBy(() -> record().manifest(other))
                .isInstanceOf(ReleaseException.VerificationFailed.class)
                .hasMessageContaining("prod/000001/manifest.yaml: expected " + SOME);
    }

    @Test
    void twoThatBeginAtOnceBothDecideAfterTheOther() {
        LedgerPlace place = new LedgerPlace.Local(folder.resolve("ledger.git"), true);
        begin(1, "default");
        end(1, DeploymentEnd.Result.HEALTHY);
        try (Ledger rival = Ledger.deployments(place, folder.resolve("seen"), Retry.standard(), false)) {
            boolean[] first = {true};

            Optional<Entry> none = deployments.append(history -> {
                if (first[0]) {
                    first[0] = false;
                    rival.append(theirs -> Optional.of(draft(theirs, 2, "default")));
                }
                boolean open = new DeploymentRecord(history)
                        .last(PROD, "default")
                        .orElseThrow()
                        .ended()
                        .isEmpty();
                return open ? Optional.empty() : Optional.of(draft(history, 2, "default"));
            });

            assertThat(none).isEmpty();
            assertThat(record().newest(PROD)).isEqualTo(2);
        }
    }

    private DeploymentRecord record() {
        return new DeploymentRecord(deployments.read());
    }

    private Deployment begin(int number, String target) {
        return (Deployment) deployments
                .append(history -> Optional.of(draft(history, number, target)))
                .orElseThrow();
    }

    private static Ledger.Draft draft(Snapshot history, int number, String target) {
        byte[] manifest = MANIFEST.getBytes(StandardCharsets.UTF_8);
        Deployment deployment = new Deployment(
                EntryHeader.after(history, PROD, number, new Entry.Audit("me", NOW, Optional.of("because"))),
                new Deployment.Destination(target, "swarm", "local/prod"),
                subject(Digest.of(manifest)),
                number > 1 ? Optional.of(number - 1) : Optional.empty(),
                NOW.plusSeconds(60));
        return new Ledger.Draft(deployment, new TreeMap<>(Map.of(LedgerLayout.MANIFEST, manifest)));
    }

    private static Deployment.Subject subject(Digest manifest) {
        return new Deployment.Subject(
                new ReleaseId(PROD, 3),
                new EntryRef(5, "prod/000003/entry.json", SOME),
                SOME,
                manifest,
                "counter-web",
                Optional.of(3),
                Duration.ofMinutes(5),
                Duration.ofSeconds(10),
                new TreeMap<>(Map.of("counter-web", "4711")));
    }

    private DeploymentEnd end(int number, DeploymentEnd.Result result) {
        return (DeploymentEnd) deployments
                .append(history -> Optional.of(Ledger.Draft.of(new DeploymentEnd(
                        EntryHeader.after(history, PROD, number, new Entry.Audit("me", NOW, Optional.empty())),
                        result,
                        Optional.of("exit 4"),
                        Optional.of(new ReleaseId(PROD, 2)),
                        new DeploymentEnd.Figures(12, 34, 1, 10)))))
                .orElseThrow();
    }
}
