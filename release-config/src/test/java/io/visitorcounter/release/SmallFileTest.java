package io.visitorcounter.release;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.visitorcounter.release.action.BillOfMaterials;
import io.visitorcounter.release.image.JibImageFile;
import io.visitorcounter.release.image.ReleaseArchive;
import io.visitorcounter.release.trust.AllowedSigners;
import io.visitorcounter.release.trust.SigningKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Files that people name, whose size nobody knows. */
@Timeout(60)
class SmallFileTest {

    private static final Path ENDLESS = Path.of("/dev/zero");

    @TempDir
    Path folder;

    @Test
    void aFileOfJustTheBoundIsReadAndOneByteMoreIsNot() throws Exception {
        Path file = Files.write(folder.resolve("a"), new byte[] {1, 2, 3});

        assertThat(SmallFile.read(file, 3)).containsExactly(1, 2, 3);
        assertThatThrownBy(() -> SmallFile.read(file, 2))
                .isInstanceOfSatisfying(
                        IOException.class,
                        failure -> assertThat(ReleaseException.reason(failure))
                                .isEqualTo("expected at most 2 bytes, got more"));
    }

    static Stream<Consumer<Path>> readers() {
        return Stream.of(
                file -> SigningKey.read(file, Optional.empty()),
                AllowedSigners::read,
                BillOfMaterials::read,
                ReleaseArchive::open,
                JibImageFile::reference);
    }

    @ParameterizedTest
    @MethodSource("readers")
    void aDeviceWithoutAnEndIsRefused(Consumer<Path> reader) throws Exception {
        Path link = Files.createSymbolicLink(folder.resolve("link"), ENDLESS);

        assertThatThrownBy(() -> reader.accept(link))
                .isInstanceOf(ReleaseException.class)
                .hasMessageStartingWith(link + ": ");
    }

    @Test
    void anArchiveIsNoPipe() throws Exception {
        Path pipe = pipe("pipe");

        assertThatThrownBy(() -> ReleaseArchive.open(pipe))
                .isInstanceOf(ReleaseException.class)
                .hasMessageStartingWith(pipe + ": ")
                .hasMessageContaining("expected a file, got a pipe or a device");
    }

    private Path pipe(String name) throws Exception {
        Path pipe = folder.resolve(name);
        assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor())
                .isZero();
        return pipe;
    }

    @Test
    void aPipeIsReadToItsEndButNotAwaitedForEver() throws Exception {
        Path pipe = pipe("pipe");

        assertThatThrownBy(() -> SmallFile.read(pipe, 3, Duration.ofMillis(50)))
                .isInstanceOfSatisfying(
                        IOException.class,
                        failure -> assertThat(ReleaseException.reason(failure))
                                .isEqualTo("expected a file, got a pipe or device that did not end within 0 s"));

        // The first reader still waits, and would take what is written.
        Path other = pipe("other");
        Process writer = new ProcessBuilder("sh", "-c", "printf abc >\"$0\"", other.toString()).start();
        assertThat(SmallFile.read(other, 3)).asString().isEqualTo("abc");
        assertThat(writer.waitFor()).isZero();
    }
}
