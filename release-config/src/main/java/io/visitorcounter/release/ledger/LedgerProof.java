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
import java.util.function.Predicate;

/** A release that travels without its ledger: the chain of entries from the ledger's first to the release, or to its
 *  newest endorsement, and the files next to these. Other entries travel without their files, so no other environment's
 *  config does. A proof that was read is consistent: each entry names the one before, and the endorsements belong to
 *  the release. Signatures are not verified here. */
public final class LedgerProof {

    private static final String CHAIN = "chain";
    private static final String FILES = "files";
    private static final String RELEASE = "release";
    private static final String ENDORSEMENTS = "endorsements";

    private final List<Entry> chain;
    private final Release release;
    private final SortedMap<String, byte[]> files;
    private final List<ProvenEndorsement> endorsements;

    private LedgerProof(
            List<Entry> chain, Release release, SortedMap<String, byte[]> files, List<ProvenEndorsement> endorsements) {
        this.chain = List.copyOf(chain);
        this.release = release;
        this.files = files;
        this.endorsements = List.copyOf(endorsements);
    }

    /** An endorsement of the release.
     *
     *  @param entry the one in the chain
     *  @param signatures of the entry, bytes by file name
     *  @param images its statements about the release image, bytes by file name */
    public record ProvenEndorsement(
            Endorsement entry, SortedMap<String, byte[]> signatures, SortedMap<String, byte[]> images) {

        public ProvenEndorsement {
            signatures = new TreeMap<>(signatures);
            images = new TreeMap<>(images);
        }
    }

    /** {@return the proof of a release; the same release gives the same bytes}
     *
     *  @param entries of the history's chain, newest first */
    public static byte[] write(Snapshot history, List<Entry> entries, Release release) {
        List<Endorsement> endorsements = history.endorsements(release.environment()).stream()
                .filter(each -> each.subject().equals(EntryRef.to(release)))
                .toList();
        long last = endorsements.stream().mapToLong(Entry::sequence).max().orElse(release.sequence());
        ObjectNode json = CanonicalJson.object();
        var chain = json.putArray(CHAIN);
        for (int i = entries.size() - 1; i >= 0; i--) {
            Entry entry = entries.get(i);
            if (entry.sequence() <= last) {
                chain.add(new String(entry.bytes(), StandardCharsets.UTF_8));
            }
        }
        put(
                json.putObject(FILES),
                history.files(LedgerLayout.folder(release.id())),
                name -> !name.equals(LedgerLayout.ENTRY));
        if (!endorsements.isEmpty()) {
            json.put(RELEASE, release.sequence());
            ObjectNode list = json.putObject(ENDORSEMENTS);
            // The older form (before bundles) is about an image in one registry only.
            endorsements.forEach(each -> put(
                    list.putObject(each.path()),
                    history.files(LedgerLayout.folder(each)),
                    name -> !name.endsWith("/" + LedgerLayout.LEGACY_SIGNATURE)));
        }
        return CanonicalJson.bytes(json);
    }

    private static void put(ObjectNode into, SortedMap<String, byte[]> files, Predicate<String> travels) {
        files.forEach((name, bytes) -> {
            if (travels.test(name)) {
                into.put(name, Base64.getEncoder().encodeToString(bytes));
            }
        });
    }

    /** {@return the proof in these bytes}
     *
     *  @throws ReleaseException.VerificationFailed if they are not a proof, or not consistent */
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
        Release release = release(where, json, chain);
        List<ProvenEndorsement> endorsements = new ArrayList<>();
        json.path(ENDORSEMENTS)
                .properties()
                .forEach(each -> endorsements.add(
                        endorsement(where, chain, release, each.getKey(), files(where, each.getValue()))));
        return new LedgerProof(chain, release, files(where, json.path(FILES)), endorsements);
    }

    private static Release release(String where, ObjectNode json, List<Entry> chain) {
        long sequence = json.has(RELEASE) ? json.path(RELEASE).asLong() : chain.size();
        if (sequence < 1
                || sequence > chain.size()
                || !(chain.get((int) sequence - 1) instanceof Release release)
                || (!json.has(ENDORSEMENTS) && sequence != chain.size())) {
            throw wrong(where, "expected a chain of entries that ends with a release");
        }
        return release;
    }

    private static ProvenEndorsement endorsement(
            String where, List<Entry> chain, Release release, String path, SortedMap<String, byte[]> files) {
        for (Entry entry : chain) {
            if (entry.path().equals(path)
                    && entry instanceof Endorsement endorsement
                    && endorsement.subject().equals(EntryRef.to(release))) {
                return new ProvenEndorsement(
                        endorsement, below(files, LedgerLayout.SIGNATURES), below(files, LedgerLayout.IMAGES));
            }
        }
        throw wrong(where, path + ": expected an endorsement of " + release.id().label() + " in the chain, got none");
    }

    private static SortedMap<String, byte[]> files(String where, JsonNode object) {
        SortedMap<String, byte[]> files = new TreeMap<>();
        object.properties().forEach(file -> {
            try {
                files.put(
                        file.getKey(),
                        Base64.getDecoder().decode(file.getValue().asText()));
            } catch (IllegalArgumentException e) {
                throw wrong(where, "files: expected base64");
            }
        });
        return files;
    }

    private static ReleaseException wrong(String where, String what) {
        return new ReleaseException.VerificationFailed(where + ": " + what);
    }

    /** {@return the release} */
    public Release release() {
        return release;
    }

    /** {@return the signed ones of the entries whose signatures travel: the release and its endorsements} */
    public List<Entry> signed() {
        List<Entry> signed = new ArrayList<>();
        if (!files(LedgerLayout.SIGNATURES).isEmpty()) {
            signed.add(release);
        }
        endorsements.stream().filter(each -> !each.signatures().isEmpty()).forEach(each -> signed.add(each.entry()));
        return signed;
    }

    /** {@return the endorsements of the release, newest first} */
    public List<ProvenEndorsement> endorsements() {
        return endorsements;
    }

    /** {@return the name of its ledger: the digest of the ledger's first entry} */
    public Digest ledger() {
        return Digest.of(chain.get(0).bytes());
    }

    /** {@return the release's place in its ledger, in the form for an entry of another ledger} */
    public Release.Outside outside() {
        return new Release.Outside(release.id().toString(), ledger(), release.sequence(), Digest.of(release.bytes()));
    }

    /** {@return the files of one folder next to the release, by path below it, unverified} */
    public SortedMap<String, byte[]> files(String folder) {
        return below(files, folder);
    }

    private static SortedMap<String, byte[]> below(SortedMap<String, byte[]> files, String folder) {
        SortedMap<String, byte[]> below = new TreeMap<>();
        files.forEach((name, bytes) -> {
            if (name.startsWith(folder + "/")) {
                below.put(name.substring(folder.length() + 1), bytes);
            }
        });
        return below;
    }

    /** {@return the statements about the images that travel, bytes by file name; none is verified} */
    public SortedMap<String, byte[]> statements() {
        SortedMap<String, byte[]> statements = files(LedgerLayout.IMAGES);
        statements.keySet().removeIf(name -> !LedgerLayout.isImageStatement(name));
        return statements;
    }

    /** {@return the first entry in which two chains of one ledger differ, up to the end of the shorter one; empty if
     *  they agree} */
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
