package io.visitorcounter.release.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import io.visitorcounter.release.Environment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A process that a signal ends while it holds git's lock of the branch: no lock stays, and the ledger is whole. */
@Timeout(120)
class SignalledAppendTest {

    private static final Environment DEV = new Environment("dev");

    @TempDir
    Path folder;

    // A signal that comes a moment too late proves nothing, so there are several.
    @RepeatedTest(5)
    void aSignalLeavesNoLock() throws Exception {
        Path lock = folder.resolve("l.git").resolve(Branch.RELEASES.ref() + ".lock");
        Process appending = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Appending.class.getName(),
                        folder.toString())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        try {
            while (appending.isAlive() && !Files.exists(lock)) {
                Thread.onSpinWait();
            }
            appending.destroy();
            appending.waitFor();
        } finally {
            appending.destroyForcibly();
        }

        assertThat(lock).doesNotExist();
        try (Ledger ledger = Appending.ledger(folder)) {
            assertThat(HashChain.walk(ledger.read()).faults()).isEmpty();
            assertThat(Appending.append(ledger)).isPresent();
        }
    }

    /** Appends until it is ended. */
    static final class Appending {

        private Appending() {}

        static Ledger ledger(Path folder) {
            return Ledger.at(
                    new LedgerPlace.Local(folder.resolve("l.git"), true),
                    folder.resolve("seen"),
                    new Retry(1, Duration.ofMillis(1), Duration.ofMillis(2), time -> {}, new SplittableRandom(1)));
        }

        static Optional<Entry> append(Ledger ledger) {
            return ledger.append(history -> Optional.of(Ledger.Draft.of(new Freeze(
                    EntryHeader.after(
                            history,
                            DEV,
                            history.freeze(DEV).map(Freeze::number).orElse(0) + 1,
                            new Entry.Audit("me", Instant.parse("2026-01-02T03:04:05Z"), Optional.empty())),
                    true))));
        }

        /** Appends.
         *
         *  @param arguments the folder of the ledger */
        public static void main(String[] arguments) {
            try (Ledger ledger = ledger(Path.of(arguments[0]))) {
                while (true) {
                    append(ledger);
                }
            }
        }
    }
}
