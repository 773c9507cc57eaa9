package io.visitorcounter.release.cli;

import io.visitorcounter.release.CanonicalJson;
import io.visitorcounter.release.Digest;
import io.visitorcounter.release.Scratch;
import io.visitorcounter.release.ledger.TamperedLedger;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.UnaryOperator;

/** What can be done to a bare repository with a ledger past all tools, and what a forger would write into it. */
final class LedgerDamage {

    static final String HEAD = "head.json";
    static final String V2 = "dev/000002/entry.json";
    static final String V3 = "dev/000003/entry.json";

    private LedgerDamage() {}

    static void edit(Path ledger, String path, UnaryOperator<String> change) {
        TamperedLedger.change(ledger, files -> files.put(path, bytes(change.apply(text(files, path)))));
    }

    /** Appends an entry like the newest, changed, with a head that fits, as whoever wrote it would. */
    static void append(Path ledger, UnaryOperator<String> change) {
        TamperedLedger.change(ledger, files -> {
            new TreeMap<>(files.subMap("dev/000002/", true, "dev/0000020", false))
                    .forEach((path, content) -> files.put(path.replace("000002", "000003"), content));
            var entry = CanonicalJson.parse(V2, content(files, V2))
                    .put("sequence", 3)
                    .put("version", 3);
            entry.set("previous", CanonicalJson.parse(HEAD, content(files, HEAD)));
            files.put(V3, bytes(change.apply(new String(CanonicalJson.bytes(entry), StandardCharsets.UTF_8))));
            files.put(HEAD, bytes(head(files, 3, V3)));
        });
    }

    static String head(Map<String, byte[]> files, int sequence, String path) {
        return new String(
                CanonicalJson.bytes(CanonicalJson.object()
                        .put("sequence", sequence)
                        .put("path", path)
                        .put("digest", Digest.of(content(files, path)).text())),
                StandardCharsets.UTF_8);
    }

    static void lock(Path ledger, String name) {
        Path lock = ledger.resolve(name);
        write(lock, "");
        try {
            Files.setLastModifiedTime(lock, FileTime.from(Instant.now().minus(Duration.ofMinutes(5))));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static void packRefs(Path ledger) {
        String commit = read(ledger.resolve("refs/heads/releases"));
        write(
                ledger.resolve("packed-refs"),
                "# pack-refs with: peeled fully-peeled sorted \n" + commit + " refs/heads/releases\n");
        delete(ledger.resolve("refs/heads/releases"));
    }

    static void copyRef(Path ledger, String name) {
        copyRef(ledger, "refs/heads/releases", name);
    }

    static void copyRef(Path ledger, String from, String name) {
        write(ledger.resolve(name), read(ledger.resolve(from)) + "\n");
    }

    static void config(Path ledger, String text) {
        write(ledger.resolve("config"), text);
    }

    static String read(Path file) {
        try {
            return Files.readString(file).strip();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static void write(Path file, String text) {
        try {
            Files.createDirectories(file.getParent());
            // Git's own objects are read-only.
            Files.deleteIfExists(file);
            Files.writeString(file, text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static void delete(Path tree) {
        try {
            Scratch.delete(tree);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static String text(Map<String, byte[]> files, String path) {
        return new String(content(files, path), StandardCharsets.UTF_8);
    }

    static byte[] content(Map<String, byte[]> files, String path) {
        return Objects.requireNonNull(files.get(path), path);
    }

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
