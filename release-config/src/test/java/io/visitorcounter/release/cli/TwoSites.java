package io.visitorcounter.release.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.visitorcounter.release.Digest;
import io.visitorcounter.release.FixtureApp;
import io.visitorcounter.release.image.LoopbackRegistry;
import io.visitorcounter.release.image.RegistryImages;
import io.visitorcounter.release.ledger.TamperedLedger;
import io.visitorcounter.release.trust.TestSigner;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** Two sites, each with a registry and a ledger of its own; the outer one has made a release, which leaves it in a file. */
abstract class TwoSites {

    static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    Path folder;

    final LoopbackRegistry outer = new LoopbackRegistry();

    final LoopbackRegistry inner = new LoopbackRegistry();

    Tool outside;

    Tool inside;

    String app;

    TestSigner theirs;

    TestSigner ours;

    @BeforeEach
    void setUp() throws IOException {
        outside = site("outside");
        inside = site("inside");
        app = RegistryImages.push(FixtureApp.tar(folder.resolve("app.tar"), "1"), outer.host() + "/team/app", Map.of());
        theirs = TestSigner.make(folder.resolve("theirs"), "outside-2026");
        ours = TestSigner.make(folder.resolve("ours"), "inside-2026");
        theirs.allow(folder.resolve("outside/environments"), "prod");
        theirs.allow(folder.resolve("inside/environments"), "vendor", "namespaces=\"release\"");
        ours.allow(folder.resolve("inside/environments"), "prod");
        outside.variables().put("RELEASE_SIGNING_KEY", theirs.file());
        inside.variables().put("RELEASE_SIGNING_KEY", ours.file());
        inside.variables().put("RELEASE_IMAGES", inner.host() + "/inside/counter");
        inside.config("prod", "release { require-signature-by = prod }");
        release("one");
    }

    Tool site(String name) throws IOException {
        return new Tool(Files.createDirectories(folder.resolve(name)));
    }

    @AfterEach
    void tearDown() {
        outer.close();
        inner.close();
    }

    void release(String greeting) {
        outside.config("prod", "app { greeting = " + greeting + " }");
        outside.mustRun("create", "prod", "--app", app);
    }

    Path export(String name, String... options) {
        Path file = folder.resolve(name);
        String[] all = new String[options.length + 3];
        all[0] = "export";
        all[1] = "prod";
        all[2] = file.toString();
        System.arraycopy(options, 0, all, 3, options.length);
        outside.mustRun(all);
        return file;
    }

    String ledger() {
        byte[][] first = new byte[1][];
        TamperedLedger.keeping(
                folder.resolve("outside/.release/ledger.git"),
                () -> TamperedLedger.change(
                        folder.resolve("outside/.release/ledger.git"),
                        files -> first[0] = Objects.requireNonNull(files.get("prod/000001/entry.json"))));
        return Digest.of(first[0]).text();
    }

    void firstImport() {
        inside.mustRun("import", export("first.tar").toString(), "--trust-ledger", ledger());
    }

    void change(Path file, String what, String message, Consumer<Map<String, byte[]>> change) {
        Path other = changed(file, change);
        assertThat(inside.run("import", other.toString(), "--trust-ledger", ledger()))
                .as(what + ": " + inside.err())
                .isEqualTo(5);
        assertThat(inside.err()).as(what).contains(message);
        assertThat(inner.writes()).as(what).isEmpty();
    }

    Path changed(Path file, Consumer<Map<String, byte[]>> change) {
        try {
            SortedMap<String, byte[]> files = new TreeMap<>();
            try (TarArchiveInputStream tar =
                    new TarArchiveInputStream(new ByteArrayInputStream(Files.readAllBytes(file)))) {
                for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
                    files.put(entry.getName(), tar.readAllBytes());
                }
            }
            change.accept(files);
            Path other = Files.createTempFile(folder, "changed", ".tar");
            try (TarArchiveOutputStream tar = new TarArchiveOutputStream(Files.newOutputStream(other))) {
                for (Map.Entry<String, byte[]> each : files.entrySet()) {
                    TarArchiveEntry entry = new TarArchiveEntry(each.getKey());
                    entry.setSize(each.getValue().length);
                    tar.putArchiveEntry(entry);
                    tar.write(each.getValue());
                    tar.closeArchiveEntry();
                }
            }
            return other;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static ObjectNode json(byte[] bytes) {
        try {
            return (ObjectNode) JSON.readTree(bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static void index(Map<String, byte[]> files, Consumer<ObjectNode> change) {
        ObjectNode index = json(Objects.requireNonNull(files.get("index.json")));
        change.accept(index);
        files.put("index.json", index.toString().getBytes(StandardCharsets.UTF_8));
    }

    /** Changes the proof, and every digest that leads to it. */
    static void proof(Map<String, byte[]> files, Consumer<ObjectNode> change) {
        index(
                files,
                index -> index.path("manifests").forEach(listed -> {
                    if (!listed.path("artifactType").asText().contains("visitorcounter")) {
                        return;
                    }
                    ObjectNode manifest = json(blob(files, listed.path("digest").asText()));
                    ObjectNode layer = (ObjectNode) manifest.at("/layers/0");
                    ObjectNode proof = json(blob(files, layer.path("digest").asText()));
                    change.accept(proof);
                    put(files, layer, proof);
                    put(files, (ObjectNode) listed, manifest);
                }));
    }

    static byte[] blob(Map<String, byte[]> files, String digest) {
        return Objects.requireNonNull(files.get("blobs/sha256/" + new Digest(digest).hex()));
    }

    static void put(Map<String, byte[]> files, ObjectNode descriptor, ObjectNode json) {
        byte[] bytes = json.toString().getBytes(StandardCharsets.UTF_8);
        files.put("blobs/sha256/" + Digest.of(bytes).hex(), bytes);
        descriptor.put("digest", Digest.of(bytes).text()).put("size", bytes.length);
    }
}
