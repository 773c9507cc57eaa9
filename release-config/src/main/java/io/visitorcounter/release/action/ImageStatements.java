package io.visitorcounter.release.action;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.visitorcounter.release.CanonicalJson;
import io.visitorcounter.release.Digest;
import io.visitorcounter.release.Environment;
import io.visitorcounter.release.image.Referrer;
import io.visitorcounter.release.ledger.LedgerLayout;
import io.visitorcounter.release.ledger.LedgerProof;
import io.visitorcounter.release.ledger.Release;
import io.visitorcounter.release.trust.SigningKey;
import io.visitorcounter.release.trust.StatementBundle;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Statements about a release image for those who see only the image: that it is signed, and how it was made. The
 *  ledger keeps the bundles next to the entry; a registry gets the same bytes as referrers, with the bill of
 *  materials. */
final class ImageStatements {

    /** The type that cosign requires of a signed image. */
    static final String SIGNATURE_TYPE = "https://sigstore.dev/cosign/sign/v1";

    /** SLSA's provenance, version 1. */
    static final String PROVENANCE_TYPE = "https://slsa.dev/provenance/v1";

    /** How a release image is made; docs/provenance.md describes its fields. */
    static final String RELEASE_BUILD = "https://release.visitorcounter.io/buildtypes/release/v1";

    private static final Map<String, String> TYPES =
            Map.of(LedgerLayout.RELEASE_SIGNATURE, SIGNATURE_TYPE, LedgerLayout.RELEASE_PROVENANCE, PROVENANCE_TYPE);

    private ImageStatements() {}

    /** {@return the predicate type of a statement; empty if this is not the name of one}
     *
     *  @param file its name */
    static String type(String file) {
        return TYPES.getOrDefault(file, "");
    }

    /** {@return the bundle that cosign reads as an image's signature} */
    static byte[] signature(Release.Content content, SigningKey key) {
        return StatementBundle.sign(statement(content, SIGNATURE_TYPE, CanonicalJson.object()), key);
    }

    /** {@return the statements of a release image, signed, and the bill of materials, bytes by file name}
     *
     *  @param sbom of the build
     *  @param job in which it is made; without one there is no provenance */
    static SortedMap<String, byte[]> sign(
            Environment environment,
            Release.Content content,
            Optional<BillOfMaterials> sbom,
            SigningKey key,
            Optional<BuildJob> job) {
        SortedMap<String, byte[]> files = new TreeMap<>();
        files.put(LedgerLayout.RELEASE_SIGNATURE, signature(content, key));
        job.ifPresent(known -> files.put(
                LedgerLayout.RELEASE_PROVENANCE,
                StatementBundle.sign(
                        statement(content, PROVENANCE_TYPE, provenance(environment, content, known)), key)));
        sbom.flatMap(BillOfMaterials::bytes)
                .filter(bytes -> BillOfMaterials.type(bytes).isPresent())
                .ifPresent(bytes -> files.put(LedgerLayout.SBOM, bytes));
        return files;
    }

    private static ObjectNode statement(Release.Content content, String type, ObjectNode predicate) {
        Release.ImageName image = content.releaseImage();
        return StatementBundle.statement(
                List.of(new StatementBundle.NamedDigest(image.name(), image.digest())), type, predicate);
    }

    private static ObjectNode provenance(Environment environment, Release.Content content, BuildJob job) {
        ObjectNode provenance = CanonicalJson.object();
        ObjectNode definition = provenance.putObject("buildDefinition").put("buildType", RELEASE_BUILD);
        definition
                .putObject("externalParameters")
                .put("environment", environment.name())
                .put("app", content.appImage().digest().text());
        ArrayNode dependencies = definition.putArray("resolvedDependencies");
        named(dependencies, "app image", "sha256", content.appImage().digest().hex());
        content.config()
                .filter(Release.ConfigCommit::clean)
                .ifPresent(config -> named(dependencies, "config", "gitCommit", config.commit()));
        content.contract().ifPresent(contract -> named(dependencies, "contract", "sha256", contract.hex()));
        ObjectNode details = provenance.putObject("runDetails");
        details.putObject("builder").put("id", job.builder());
        job.run().ifPresent(run -> details.putObject("metadata").put("invocationId", run));
        named(
                details.putArray("byproducts"),
                "bundle",
                "sha256",
                content.bundle().hex());
        return provenance;
    }

    /** Adds a thing, by name and digest, to the inputs or outputs of a build. */
    static void named(ArrayNode things, String name, String kind, String digest) {
        things.addObject().put("name", name).putObject("digest").put(kind, digest);
    }

    /** {@return the referrers of a release image in a registry}
     *
     *  @param files of the ledger, bytes by file name */
    static List<Referrer> referrers(SortedMap<String, byte[]> files) {
        List<Referrer> referrers = new ArrayList<>();
        files.forEach((name, bytes) -> {
            if (name.equals(LedgerLayout.APP_PROVENANCE) || LedgerLayout.isAppStatement(name)) {
                return;
            }
            if (name.equals(LedgerLayout.LEGACY_SIGNATURE)) {
                referrers.add(LegacyStatement.referrer(name, bytes));
            } else if (TYPES.containsKey(name)) {
                referrers.add(bundle(name, type(name), bytes));
            } else {
                BillOfMaterials.type(bytes)
                        .ifPresent(type -> referrers.add(new Referrer(name, type, new TreeMap<>(), bytes)));
            }
        });
        return referrers;
    }

    /** {@return the referrers of an imported release image: the same, and those of the other ledger's endorsements}
     *
     *  @param files of the ledger, bytes by file name
     *  @param endorsements of the entry in the other ledger */
    static List<Referrer> referrers(SortedMap<String, byte[]> files, List<LedgerProof.ProvenEndorsement> endorsements) {
        Map<Digest, Referrer> referrers = new LinkedHashMap<>();
        Stream.concat(Stream.of(files), endorsements.stream().map(LedgerProof.ProvenEndorsement::images))
                .flatMap(each -> referrers(each).stream())
                .forEach(each -> referrers.putIfAbsent(Digest.of(each.payload()), each));
        return List.copyOf(referrers.values());
    }

    /** {@return the referrers of a release's app image}
     *
     *  @param files of the ledger, bytes by file name */
    static List<Referrer> ofApp(SortedMap<String, byte[]> files) {
        List<Referrer> referrers = new ArrayList<>(AppStatements.referrers(files));
        byte[] proof = files.get(LedgerLayout.APP_PROVENANCE);
        if (proof != null && !files.containsKey(LedgerLayout.appStatement(Digest.of(proof)))) {
            referrers.add(bundle(LedgerLayout.APP_PROVENANCE, PROVENANCE_TYPE, proof));
        }
        return List.copyOf(referrers);
    }

    /** {@return a bundle in the form in which cosign attaches it}
     *
     *  @param label what it is, for messages
     *  @param predicateType of its statement
     *  @param bytes of the bundle */
    static Referrer bundle(String label, String predicateType, byte[] bytes) {
        SortedMap<String, String> annotations = new TreeMap<>();
        annotations.put("dev.sigstore.bundle.content", "dsse-envelope");
        annotations.put("dev.sigstore.bundle.predicateType", predicateType);
        return new Referrer(label, StatementBundle.MEDIA_TYPE, annotations, bytes);
    }
}
