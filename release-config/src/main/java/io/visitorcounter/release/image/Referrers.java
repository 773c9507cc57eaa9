package io.visitorcounter.release.image;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.visitorcounter.release.CanonicalJson;
import io.visitorcounter.release.Digest;
import io.visitorcounter.release.ReleaseException;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/** What refers to the images of one repository, written and read. A registry lists it by itself (the referrers API of OCI
 *  1.1), or clients keep the list under a tag that is named by the image's digest. Anyone who may push can attach anything, so
 *  all that is read is bounded, held to its digest, and must name the image as its subject. */
record Referrers(RegistryClient client, ImageReference repository) {

    private static final int MAX_LISTED = 1000;
    private static final int MAX_PAGES = 20;
    private static final int MAX_READ = 50;
    private static final int MAX_WRITES = 5;
    private static final int MAX_SMALL_BYTES = 1 << 16;

    /** Attaches what is not attached yet, and sees to it that it is listed.
     *
     *  @param subject the image, which {@code image} puts into the repository
     *  @param image pushes the image; its referrers are uploaded in parallel
     *  @throws ReleaseException.Unreachable if the list can't be written, or others keep changing it */
    void attach(Image subject, List<Referrer> all, Runnable image) {
        List<Referrer> referrers = all.stream().filter(each -> !each.isLegacy()).toList();
        if (referrers.isEmpty()) {
            image.run();
        } else {
            attachListed(subject, referrers, image);
        }
        all.stream().filter(Referrer::isLegacy).forEach(each -> legacy().attach(subject, each));
    }

    private LegacySignatures legacy() {
        return new LegacySignatures(client, repository);
    }

    private void attachListed(Image subject, List<Referrer> referrers, Runnable image) {
        Stream<Runnable> payloads = Stream.concat(
                        Stream.of(Referrer.empty()), referrers.stream().map(Referrer::payload))
                .map(bytes -> () -> upload(bytes));
        SideBySide.run(Stream.concat(payloads, Stream.of(image)).toList());
        SideBySide.run(referrers.stream()
                .<Runnable>map(each -> () -> {
                    byte[] manifest = each.manifest(subject);
                    client.pushManifest(repository.at(Digest.of(manifest)), manifest, Image.OCI_MANIFEST);
                })
                .toList());
        // A registry with its own list has them in it by now.
        List<Referrer> own = without(listedByRegistry(subject.digest()).keySet(), subject, referrers);
        ImageReference tag = tag(subject.digest());
        for (int writes = 0; !own.isEmpty(); writes++) {
            // No registry that needs the tag supports conditional writes, so it is read again.
            ObjectNode index = writable(tag);
            Map<Digest, JsonNode> listed = new LinkedHashMap<>();
            add(tag, index, listed);
            List<Referrer> unlisted = without(listed.keySet(), subject, own);
            if (unlisted.isEmpty()) {
                return;
            }
            if (writes == MAX_WRITES) {
                throw new ReleaseException.Unreachable(
                        tag + ": others write this list all the time, " + MAX_WRITES + " times in a row; try again");
            }
            // Others' entries stay as they are.
            ArrayNode manifests = index.withArrayProperty("manifests");
            unlisted.forEach(each -> manifests.add(each.listed(subject)));
            client.pushManifest(tag, CanonicalJson.compact(index), ImageIndex.OCI);
        }
    }

    // Sending something small is faster than asking whether it is there; a signature is always new.
    private void upload(byte[] payload) {
        if (payload.length <= MAX_SMALL_BYTES && payload.length > Referrer.empty().length) {
            client.blobs.push(repository, payload);
        } else {
            client.pushBlob(repository, payload);
        }
    }

    /** The list under a tag, to be changed; an empty one if there is none. */
    private ObjectNode writable(ImageReference tag) {
        Optional<ObjectNode> there = client.manifest(tag)
                .map(found -> index(tag, found.bytes())
                        .orElseThrow(() -> new ReleaseException.Unreachable(
                                tag + ": this tag holds something else than the list of what refers to an image, so"
                                        + " nothing can be attached; RELEASE_REFERRERS=off leaves it out")));
        return there.orElseGet(ImageTar::index);
    }

    /** {@return those of these that are not in the registry, or in none of its lists} */
    List<Referrer> missing(Image subject, List<Referrer> all) {
        List<Referrer> referrers = all.stream().filter(each -> !each.isLegacy()).toList();
        Stream<Referrer> legacy = all.stream().filter(each -> each.isLegacy() && !legacy().isThere(subject, each));
        return Stream.concat(missingListed(subject, referrers).stream(), legacy).toList();
    }

    private List<Referrer> missingListed(Image subject, List<Referrer> referrers) {
        if (referrers.isEmpty()) {
            return List.of();
        }
        List<Referrer> unlisted = without(listed(subject.digest()).keySet(), subject, referrers);
        return referrers.stream()
                .filter(each -> unlisted.contains(each) || !isThere(each.digest(subject)))
                .toList();
    }

    private boolean isThere(Digest manifest) {
        ImageReference at = repository.at(manifest);
        return client.quickDigest(at).equals(Optional.of(manifest))
                || client.manifest(at).isPresent();
    }

    private static List<Referrer> without(Set<Digest> listed, Image subject, List<Referrer> referrers) {
        return referrers.stream()
                .filter(each -> !listed.contains(each.digest(subject)))
                .toList();
    }

    /** {@return the payloads of an image's referrers of one type}
     *
     *  @throws ReleaseException.VerificationFailed if there are too many, or the registry's bytes do not match their
     *      digests */
    List<byte[]> payloads(Image subject, String type, List<Referrer> known) {
        Map<Digest, JsonNode> listed = listed(subject.digest());
        known.forEach(each -> listed.remove(each.digest(subject)));
        // A list that others wrote may give another type than the manifest.
        Set<String> said = Set.of(type, Referrer.EMPTY_TYPE, "");
        listed.values()
                .removeIf(each -> !said.contains(each.path("artifactType").asText()));
        List<Digest> asked = listed.keySet().stream().limit(MAX_READ).toList();
        Map<Digest, byte[]> found = new ConcurrentHashMap<>();
        SideBySide.run(asked.stream()
                .<Runnable>map(each -> () ->
                        payload(repository.at(each), subject.digest(), type).ifPresent(bytes -> found.put(each, bytes)))
                .toList());
        List<byte[]> payloads = asked.stream()
                .flatMap(each -> Stream.ofNullable(found.get(each)))
                .toList();
        if (listed.size() > MAX_READ) {
            throw wrong(repository.at(subject.digest()), "expected at most " + MAX_READ + " of " + type + ", got more");
        }
        return payloads;
    }

    // Anyone who may push can attach and list anything: what is not a referrer of this image is ignored.
    private Optional<byte[]> payload(ImageReference at, Digest subject, String type) {
        Optional<RegistryClient.FetchedManifest> found = client.manifest(at);
        if (found.isEmpty()) {
            // Deleted but still listed, as after a clean-up.
            return Optional.empty();
        }
        ObjectNode manifest;
        try {
            manifest = CanonicalJson.parse(at + ": manifest", found.get().bytes());
        } catch (ReleaseException.VerificationFailed noManifest) {
            return Optional.empty();
        }
        JsonNode layers = manifest.path("layers");
        boolean isOfSubject = manifest.path("subject").path("digest").asText().equals(subject.text());
        boolean isOfType = manifest.path("artifactType")
                .asText(manifest.path("config").path("mediaType").asText())
                .equals(type);
        boolean isSmall = layers.size() == 1 && layers.path(0).path("size").asLong(-1) <= Image.MAX_JSON_BYTES;
        return isOfSubject && isOfType && isSmall
                ? digest(layers.path(0)).map(layer -> client.blob(at, layer))
                : Optional.empty();
    }

    /** The entries of the registry's list, then of the tag's, by digest. */
    private Map<Digest, JsonNode> listed(Digest subject) {
        Map<Digest, JsonNode> listed = listedByRegistry(subject);
        ImageReference tag = tag(subject);
        client.manifest(tag).flatMap(found -> index(tag, found.bytes())).ifPresent(index -> add(tag, index, listed));
        return listed;
    }

    private Map<Digest, JsonNode> listedByRegistry(Digest subject) {
        Map<Digest, JsonNode> listed = new LinkedHashMap<>();
        ImageReference image = repository.at(subject);
        Optional<URI> page = Optional.of(client.referrers(image));
        for (int pages = 0; page.isPresent(); pages++) {
            if (pages == MAX_PAGES) {
                throw wrong(image, "expected at most " + MAX_PAGES + " pages of referrers, got more");
            }
            Optional<RegistryClient.ReferrersPage> found = client.referrers(image, page.get());
            found.flatMap(each -> index(image, each.bytes())).ifPresent(index -> add(image, index, listed));
            page = found.flatMap(RegistryClient.ReferrersPage::next);
        }
        return listed;
    }

    private static void add(ImageReference where, ObjectNode index, Map<Digest, JsonNode> listed) {
        // This tool writes and reads only SHA-256 digests.
        index.path("manifests").forEach(each -> digest(each).ifPresent(named -> listed.putIfAbsent(named, each)));
        if (listed.size() > MAX_LISTED) {
            throw wrong(where, "expected at most " + MAX_LISTED + " referrers, got " + listed.size());
        }
    }

    // Anything else under the tag is not a list: some registries take the tag for the image itself.
    private static Optional<ObjectNode> index(ImageReference where, byte[] bytes) {
        ObjectNode json = CanonicalJson.parse(where + ": referrers", bytes);
        boolean isIndex = json.path("mediaType").asText().equals(ImageIndex.OCI)
                && json.path("manifests").isArray();
        return isIndex ? Optional.of(json) : Optional.empty();
    }

    private ImageReference tag(Digest subject) {
        return repository.tagged("sha256-" + subject.hex());
    }

    private static Optional<Digest> digest(JsonNode descriptor) {
        return Digest.read(descriptor.path("digest").asText());
    }

    private static ReleaseException wrong(ImageReference where, String what) {
        return new ReleaseException.VerificationFailed(where + ": " + what);
    }
}
