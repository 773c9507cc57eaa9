package io.visitorcounter.release;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ScratchTest {

    @TempDir
    Path folder;

    @Test
    void itIsGoneWithAllThatIsInItOnceItIsClosed() throws Exception {
        try (Scratch scratch = Scratch.in(folder)) {
            Files.writeString(Files.createDirectories(scratch.resolve("a/b")).resolve("c"), "x");

            assertThat(folder).isNotEmptyDirectory();
        }

        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void oneThatIsInUseStays() throws Exception {
        try (Scratch used = Scratch.in(folder)) {
            Files.writeString(used.resolve("a"), "x");

            Scratch.in(folder).close();

            assertThat(used.resolve("a")).exists();
        }
    }

    @Test
    void whatAKilledProcessLeftGoesWithTheNext() throws Exception {
        Path locked = Files.createDirectories(folder.resolve(".making-1/ledger.git/refs"));
        Files.writeString(folder.resolve(".making-1/lock"), "");
        Path young = Files.createDirectory(folder.resolve(".making-2"));
        Path old = Files.createDirectory(folder.resolve(".making-3"));
        Files.setLastModifiedTime(old, FileTime.from(Instant.now().minus(Duration.ofHours(2))));
        Path other = Files.createDirectory(folder.resolve("images"));

        Scratch.in(folder).close();

        assertThat(locked).doesNotExist();
        assertThat(old).doesNotExist();
        // Another process may be about to lock it.
        assertThat(young).exists();
        assertThat(other).exists();
    }
}
