package io.visitorcounter.core.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.visitorcounter.core.StoreException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sqlite.NativeLibraryNotFoundException;

class NativeLibraryTest {

    @TempDir
    Path folder;

    @Test
    void aSystemsOwnLibraryIsChosen() throws IOException {
        add("Linux/x86_64");
        add("Linux-Musl/x86_64");

        assertThat(NativeLibrary.of(folder, "Linux-Musl/x86_64")).isEqualTo(folder.resolve("Linux-Musl/x86_64"));
    }

    @Test
    void aSystemWithoutOneIsToldWhichHaveOne() throws IOException {
        add("Linux/x86_64");
        add("Linux/aarch64");

        assertThatThrownBy(() -> NativeLibrary.of(folder, "Linux-Musl/x86_64"))
                .isInstanceOf(StoreException.class)
                .hasMessage(folder + ": expected SQLite's library for Linux-Musl/x86_64, got Linux/aarch64,"
                        + " Linux/x86_64; use a base image for one of these systems, or count in Redis");
    }

    @Test
    void aFolderThatIsNotThereHasNone() {
        assertThatThrownBy(() -> NativeLibrary.of(folder.resolve("gone"), "Linux/x86_64"))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("got none");
    }

    @Test
    void aLibraryThatCanNotBeLoadedIsToldWithTheFolderToChange() {
        SQLException error = new SQLException(
                "Error opening connection", new NativeLibraryNotFoundException("No native library found"));

        assertThatThrownBy(() -> NativeLibrary.refuseIfNotLoaded(error))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("can't be loaded from ")
                .hasMessageContaining("allow execution: name another with -D")
                .hasCause(error);
        NativeLibrary.refuseIfNotLoaded(new SQLException("another"));
    }

    private void add(String system) throws IOException {
        Files.createDirectories(folder.resolve(system));
        Files.writeString(folder.resolve(system).resolve("libsqlitejdbc.so"), "");
    }
}
