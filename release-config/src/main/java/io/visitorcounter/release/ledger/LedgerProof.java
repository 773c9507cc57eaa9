package io.visitorcounter.release.ledger;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.visitorcounter.release.CanonicalJson;
import io.visitorcounter.release.Digest;
import io.visitorcounter.release.ReleaseException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** A release as it travels without its ledger: the chain of entries from the ledger's first to the release, and the files
 *  beside the release. Of other entries nothing but the entry travels, so no other environment's config does. What is read
 *  holds together: each entry names the one before, and the last is the release. Who signed it is for others to say. */
public final class LedgerProof {

    private static final String CHAIN = "chain";
    private static final String FILES = "files";

    private final List<Entry> chain;
    private final SortedMap<String, byte[]> files;

    private LedgerProof(List<Entry> chain, SortedMap<String, byte[]> files) {
        this.chain = List.copyOf(chain);
        this.files = files;
    }

    /** {@return the proof of a release, in bytes that only it decides}
     *
     *  @param history where it is recorded
     *  @param entries of the history's chain, newest first
     *  @param release one of them */
    public static byte[] write(Snapshot history, List<Entry> entries, Release release) {
        ObjectNode json = CanonicalJson.object();
        var chain = json.putArray(CHAIN);
        for (int i = entries.size() - 1; i >= 0; i--) {
            Entry entry = entries.get(i);
            if (entry.sequence() <= release.sequence()) {
                chain.add(new String(entry.bytes(), StandardCharsets.UTF_8));
            }
        }
        ObjectNode beside = json.putObject(FILES);
        history.files(LedgerLayout.folder(release.id())).forEach((name, bytes) -> {
            if (!name.equals(LedgerLayout.ENTRY)) {
                beside.put(name, Base64.getEncoder().encodeToString(bytes));
            }
        });
        return CanonicalJson.bytes(json);
    }

    /** {@return the proof that these bytes are}
     *
     *  @param where what they are, for messages
     *  @param bytes from anywhere
     *  @throws ReleaseException.VerificationFailed if they are none, or do not hold together */
    public static LedgerProof read(String where, byte[] bytes) {
        ObjectNode json = CanonicalJson.parse(where, bytes);
        List<Entry> chain = new ArrayList<>();
        Optional<EntryRef> before = Optional.empty();
        for (JsonNode text : json.path(CHAIN)) {
            String place = where + ": entry " + (chain.size() + 1);
            byte[] written = text.asText().getBytes(StandardCharsets.UTF_8);
            Entry entry = EntryCodec.read(place, written);
            if (!Arrays.equals(entry.bytes(), written)) {
                throw wrong(place, "is not in the form that this tool writes");
            }
            if (entry.sequence() != chain.size() + 1 || !entry.previous().equals(before)) {
                throw wrong(
                        place,
                        "expected the entry after " + before.map(EntryRef::path).orElse("none")
                                + ", got one that names another before it");
            }
            before = Optional.of(EntryRef.to(entry));
            chain.add(entry);
        }
        if (chain.isEmpty() || !(chain.get(chain.size() - 1) instanceof Release)) {
            throw wrong(where, "expected a chain of entries that ends with a release");
        }
        SortedMap<String, byte[]> files = new TreeMap<>();
        json.path(FILES).properties().forEach(file -> {
            try {
                files.put(
                        file.getKey(),
                        Base64.getDecoder().decode(file.getValue().asText()));
            } catch (IllegalArgumentException e) {
                throw wrong(where, "files: expected base64");
            }
        });
        return new LedgerProof(chain, files);
    }

    private static ReleaseException wrong(String where, String what) {
        return new ReleaseException.VerificationFailed(List.of(where + ": " + what));
    }

    /** {@return the release} */
    public Release release() {
        return (Release) chain.get(chain.size() - 1);
    }

    /** {@return the name of its ledger: the digest of the ledger's first entry} */
    public Digest ledger() {
        return Digest.of(chain.get(0).bytes());
    }

    /** {@return where in its ledger the release is, as an entry of another one says it} */
    public Release.Outside outside() {
        Release release = release();
        return new Release.Outside(release.id().toString(), ledger(), release.sequence(), Digest.of(release.bytes()));
    }

    /** {@return the files of one folder beside the release, by path below it; they are as they came}
     *
     *  @param folder such as {@link LedgerLayout#BUNDLE} */
    public SortedMap<String, byte[]> files(String folder) {
        SortedMap<String, byte[]> below = new TreeMap<>();
        files.forEach((name, bytes) -> {
            if (name.startsWith(folder + "/")) {
                below.put(name.substring(folder.length() + 1), bytes);
            }
        });
        return below;
    }

    /** {@return where two chains of one ledger first differ, as far as both go; empty if they agree}
     *
     *  @param other of the same ledger */
    public Optional<Entry> difference(LedgerProof other) {
        int common = Math.min(chain.size(), other.chain.size());
        for (int i = 0; i < common; i++) {
            if (!Arrays.equals(chain.get(i).bytes(), other.chain.get(i).bytes())) {
                return Optional.of(chain.get(i));
            }
        }
        return Optional.empty();
    }
}
