package io.visitorcounter.release.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.visitorcounter.release.Digest;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.junit.jupiter.api.Test;

/** A file to import that was made to harm. */
class HostileExportTest extends TwoSites {

    /** What is put into a tar besides, past what a tar of an export has. */
    private interface Writing {
        void to(TarArchiveOutputStream tar) throws IOException;
    }

    private Path with(Path file, String dropped, Writing more) throws IOException {
        Path other = Files.createTempFile(folder, "hostile", ".tar");
        try (TarArchiveInputStream in = new TarArchiveInputStream(Files.newInputStream(file));
                TarArchiveOutputStream out = new TarArchiveOutputStream(Files.newOutputStream(other))) {
            for (TarArchiveEntry entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
                if (!entry.getName().equals(dropped)) {
                    put(out, new TarArchiveEntry(entry.getName()), in.readAllBytes());
                }
            }
            more.to(out);
        }
        return other;
    }

    private static void put(TarArchiveOutputStream tar, TarArchiveEntry entry, byte[] bytes) throws IOException {
        entry.setSize(bytes.length);
        tar.putArchiveEntry(entry);
        tar.write(bytes);
        tar.closeArchiveEntry();
    }

    private static TarArchiveEntry link(String name, String target, byte kind) {
        TarArchiveEntry link = new TarArchiveEntry(name, kind);
        link.setLinkName(target);
        return link;
    }

    @Test
    void aTarMadeToHarmIsRefusedAndLeavesNothing() throws IOException {
        Path file = export("v1.tar");
        byte[] bytes = Files.readAllBytes(file);
        String blob = "blobs/sha256/" + new Digest(outside.field("prod@v1", "/releaseImage/digest")).hex();
        Path secret = Files.writeString(folder.resolve("secret"), "{}");
        String none = "";
        refused(
                "index.json twice",
                with(file, none, tar -> put(tar, new TarArchiveEntry("index.json"), new byte[2])),
                "occurs twice");
        refused(
                "the same by another name",
                with(file, none, tar -> put(tar, new TarArchiveEntry("./index.json"), new byte[2])),
                "occurs twice");
        refused(
                "a link to a file of this machine",
                with(
                        file,
                        "index.json",
                        tar -> put(tar, link("index.json", secret.toString(), TarConstants.LF_SYMLINK), new byte[0])),
                "got no index.json");
        refused(
                "a link upwards",
                with(
                        file,
                        "index.json",
                        tar -> put(
                                tar,
                                link("index.json", "../../../../../../../.." + secret, TarConstants.LF_LINK),
                                new byte[0])),
                "got no index.json");
        refused(
                "a link to itself",
                with(
                        file,
                        "index.json",
                        tar -> put(tar, link("index.json", "index.json", TarConstants.LF_SYMLINK), new byte[0])),
                "got a chain of links");
        refused(
                "a device for a blob",
                with(file, blob, tar -> put(tar, new TarArchiveEntry(blob, TarConstants.LF_CHR), new byte[0])),
                "which is not there");
        refused(
                "a blob of another",
                with(file, blob, tar -> put(tar, new TarArchiveEntry(blob), new byte[700])),
                "its bytes are");
        refused(
                "a file with holes",
                with(file, none, tar -> {
                    byte[] holes = pax("GNU.sparse.size=2000000000", "GNU.sparse.numblocks=1", "GNU.sparse.map=0,4");
                    put(tar, new TarArchiveEntry("PaxHeaders/x", TarConstants.LF_PAX_EXTENDED_HEADER_LC), holes);
                    put(tar, new TarArchiveEntry("blobs/sha256/" + "0".repeat(64)), new byte[4]);
                }),
                "expected a plain file, got a sparse one");
        refused(
                "a size that nobody has",
                with(
                        file,
                        none,
                        tar -> put(
                                tar,
                                new TarArchiveEntry("PaxHeaders/x", TarConstants.LF_PAX_EXTENDED_HEADER_LC),
                                pax("size=9000000000000000000"))),
                "");
        refused(
                "too many entries",
                with(file, none, tar -> {
                    for (int i = 0; i < 10_001; i++) {
                        put(tar, new TarArchiveEntry("x" + i), new byte[0]);
                    }
                }),
                "expected at most 10000 entries");
        for (int end : new int[] {0, 511, 513, bytes.length / 2}) {
            Path cut = Files.write(folder.resolve("cut"), Arrays.copyOf(bytes, end));
            refused("cut at " + end, cut, cut.toString());
        }
        Path bomb = folder.resolve("bomb.tar.gz");
        try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(bomb))) {
            byte[] zeros = new byte[1 << 20];
            for (int i = 0; i < 300; i++) {
                out.write(zeros);
            }
        }
        refused("a bomb", bomb, "expected at most 268435456 bytes once it is unpacked, got more");

        // One that somebody compressed on the way is fine, and so is a file too many wherever it wants to be.
        Path odd = with(file, none, tar -> put(tar, new TarArchiveEntry("../../../evil", true), new byte[2]));
        Path small = folder.resolve("small.tar.gz");
        try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(small))) {
            Files.copy(odd, out);
        }
        inside.mustRun("import", small.toString(), "--trust-ledger", ledger());
        inside.mustRun("verify", "--all", "--deep");
    }

    private static byte[] pax(String... headers) {
        StringBuilder text = new StringBuilder();
        for (String header : headers) {
            int length = header.length() + 2;
            length += Integer.toString(length + 2).length();
            text.append(length).append(' ').append(header).append('\n');
        }
        return text.toString().getBytes(StandardCharsets.UTF_8);
    }

    private void refused(String what, Path file, String message) {
        assertThat(inside.run("import", file.toString(), "--trust-ledger", ledger()))
                .as(what + ": " + inside.err())
                .isEqualTo(5);
        assertThat(inside.err()).as(what).contains(message).hasLineCount(1);
        assertThat(inner.writes()).as(what).isEmpty();
    }
}
