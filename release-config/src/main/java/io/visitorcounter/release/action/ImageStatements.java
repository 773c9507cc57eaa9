package io.visitorcounter.release.action;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.visitorcounter.release.CanonicalJson;
import io.visitorcounter.release.Digest;
import io.visitorcounter.release.Environment;
import io.visitorcounter.release.ReleaseException;
import io.visitorcounter.release.config.Policy;
import io.visitorcounter.release.image.Referrer;
import io.visitorcounter.release.ledger.LedgerLayout;
import io.visitorcounter.release.ledger.LedgerProof;
import io.visitorcounter.release.ledger.Release;
import io.visitorcounter.release.ledger.Snapshot;
import io.visitorcounter.release.trust.AllowedSigner;
import io.visitorcounter.release.trust.AllowedSigners;
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

/** What is said of a release image for those who see only the image: that it is signed, and how it was made. The ledger keeps
 *  the bundles beside the entry; a registry gets the same bytes as referrers, with the bill of materials. */
final class ImageStatements {

    /** What cosign asks for of a signed image. */
    static final String SIGNATURE_TYPE = "https://sigstore.dev/cosign/sign/v1";

    /** SLSA's provenance, version 1. */
    static final String PROVENANCE_TYPE = "https://slsa.dev/provenance/v1";

    /** How a release image is made; docs/provenance.md says what its fields are. */
    static final String RELEASE_BUILD = "https://release.visitorcounter.io/buildtypes/release/v1";

    private static final Map<String, String> TYPES =
            Map.of(LedgerLayout.RELEASE_SIGNATURE, SIGNATURE_TYPE, LedgerLayout.RELEASE_PROVENANCE, PROVENANCE_TYPE);

    private ImageStatements() {}

    /** {@return the bundle that says that an image is signed, as cosign reads it}
     *
     *  @param content of the release
     *  @param key who signs */
    static byte[] signature(Release.Content content, SigningKey key) {
        return StatementBundle.sign(statement(content, SIGNATURE_TYPE, CanonicalJson.object()), key);
    }

    /** {@return the statements of a release image, signed, and the bill of materials, bytes by file name}
     *
     *  @param environment whose release it is
     *  @param content of the release
     *  @param sbom of the build
     *  @param key who signs
     *  @param job in which it is made; without one nothing is said of how */
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
        var dependencies = definition.putArray("resolvedDependencies");
        dependencies
                .addObject()
                .put("name", "app image")
                .putObject("digest")
                .put("sha256", content.appImage().digest().hex());
        content.config()
                .filter(Release.ConfigCommit::clean)
                .ifPresent(config -> dependencies
                        .addObject()
                        .put("name", "config")
                        .putObject("digest")
                        .put("gitCommit", config.commit()));
        content.contract()
                .ifPresent(contract -> dependencies
                        .addObject()
                        .put("name", "contract")
                        .putObject("digest")
                        .put("sha256", contract.hex()));
        ObjectNode details = provenance.putObject("runDetails");
        details.putObject("builder").put("id", job.builder());
        job.run().ifPresent(run -> details.putObject("metadata").put("invocationId", run));
        details.putArray("byproducts")
                .addObject()
                .put("name", "bundle")
                .putObject("digest")
                .put("sha256", content.bundle().hex());
        return provenance;
    }

    /** {@return what refers to a release image in a registry}
     *
     *  @param files bytes by file name, as the ledger has them */
    static List<Referrer> referrers(SortedMap<String, byte[]> files) {
        List<Referrer> referrers = new ArrayList<>();
        files.forEach((name, bytes) -> {
            if (name.equals(LedgerLayout.APP_PROVENANCE) || LedgerLayout.isAppStatement(name)) {
                return;
            }
            if (name.equals(LedgerLayout.LEGACY_SIGNATURE)) {
                referrers.add(LegacyStatement.referrer(name, bytes));
            } else if (TYPES.containsKey(name)) {
                referrers.add(bundle(name, TYPES.getOrDefault(name, ""), bytes));
            } else {
                BillOfMaterials.type(bytes)
                        .ifPresent(type -> referrers.add(new Referrer(name, type, new TreeMap<>(), bytes)));
            }
        });
        return referrers;
    }

    /** {@return what refers to an imported release image: the same, and what the outside's endorsements say of it}
     *
     *  @param files bytes by file name, as the ledger has them
     *  @param endorsements of the outside's entry */
    static List<Referrer> referrers(SortedMap<String, byte[]> files, List<LedgerProof.ProvenEndorsement> endorsements) {
        Map<Digest, Referrer> referrers = new LinkedHashMap<>();
        Stream.concat(Stream.of(files), endorsements.stream().map(LedgerProof.ProvenEndorsement::images))
                .flatMap(each -> referrers(each).stream())
                .forEach(each -> referrers.putIfAbsent(Digest.of(each.payload()), each));
        return List.copyOf(referrers.values());
    }

    /** {@return what refers to the app image of a release}
     *
     *  @param files bytes by file name, as the ledger has them */
    static List<Referrer> ofApp(SortedMap<String, byte[]> files) {
        List<Referrer> referrers = new ArrayList<>(AppStatements.referrers(files));
        byte[] proof = files.get(LedgerLayout.APP_PROVENANCE);
        if (proof != null && !files.containsKey(LedgerLayout.appStatement(Digest.of(proof)))) {
            referrers.add(bundle(LedgerLayout.APP_PROVENANCE, PROVENANCE_TYPE, proof));
        }
        return List.copyOf(referrers);
    }

    /** {@return a bundle as cosign attaches it}
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

    /** {@return what is wrong with what the ledger keeps of a release image; whether its key might sign is told of the entry}
     *
     *  @param history where it is
     *  @param release which one
     *  @param signers whom to trust */
    static List<String> faults(Snapshot history, Release release, AllowedSigners signers) {
        RecordedRelease recorded = new RecordedRelease(history, release);
        // A rollback has the files of the release whose content it has.
        Release origin = RecordedRelease.origin(history, release);
        List<String> faults = new ArrayList<>(
                faults(origin, new RecordedRelease(history, origin).signatures(), recorded.statements(), signers));
        faults.addAll(new Endorsements(history, release).faults(signers));
        if (recorded.statements().containsKey(LedgerLayout.APP_PROVENANCE)) {
            ofBuild(recorded, signers)
                    .ifPresent(fault -> faults.add("image/" + LedgerLayout.APP_PROVENANCE + ": " + fault));
        }
        return faults;
    }

    /** {@return the same of a release that is in no history here, but for how its build was made}
     *
     *  @param release the one that the statements belong to
     *  @param signatures of its entry, bytes by file name
     *  @param files the statements, bytes by file name
     *  @param signers whom to trust */
    static List<String> faults(
            Release release,
            SortedMap<String, byte[]> signatures,
            SortedMap<String, byte[]> files,
            AllowedSigners signers) {
        List<String> faults = new ArrayList<>();
        boolean isSigned = !signatures.isEmpty();
        if (isSigned && !files.containsKey(LedgerLayout.RELEASE_SIGNATURE)) {
            faults.add("image/" + LedgerLayout.RELEASE_SIGNATURE + ": the entry is signed, and its image is not");
        }
        files.forEach((name, bytes) -> {
            String where = "image/" + name;
            if (name.equals(LedgerLayout.APP_PROVENANCE)) {
                return;
            }
            if (LedgerLayout.isAppStatement(name)) {
                if (signers.isThere()) {
                    AppStatements.fault(
                                    name, bytes, release.content().appImage().digest(), signers, Optional.empty())
                            .ifPresent(fault -> faults.add(where + ": " + fault));
                }
                return;
            }
            if (!isSigned) {
                faults.add(where + ": nobody signed the entry");
            } else if (name.equals(LedgerLayout.SBOM)) {
                Digest digest = Digest.of(bytes);
                if (!release.content().sbom().equals(Optional.of(digest))) {
                    faults.add(where + ": expected "
                            + release.content().sbom().map(Digest::text).orElse("none") + ", got " + digest);
                }
            } else if (signers.isThere()) {
                try {
                    if (name.equals(LedgerLayout.LEGACY_SIGNATURE)) {
                        LegacyStatement.fault(signatures, release, where, bytes, signers)
                                .ifPresent(fault -> faults.add(where + ": " + fault));
                        return;
                    }
                    fault(signatures, release, where, bytes, TYPES.getOrDefault(name, ""), signers)
                            .ifPresent(fault -> faults.add(where + ": " + fault));
                } catch (ReleaseException.VerificationFailed e) {
                    faults.addAll(e.faults());
                }
            }
        });
        return faults;
    }

    // The gates have checked that signer and builder are the required ones; what must stay true is that the signer is
    // who it says.
    private static Optional<String> ofBuild(RecordedRelease recorded, AllowedSigners signers) {
        if (!signers.isThere()) {
            return Optional.empty();
        }
        BuildProof.KnownProvenance known = recorded.proof().orElseThrow();
        try {
            return new BuildProof(recorded.id().environment(), Policy.BuildRule.NONE, signers)
                    .fault(
                            "image/" + LedgerLayout.APP_PROVENANCE,
                            known.bytes(),
                            recorded.release().content().appImage().digest(),
                            known.at())
                    .map(fault -> fault.isEmpty() ? "the statement is of another kind than " + PROVENANCE_TYPE : fault);
        } catch (ReleaseException.VerificationFailed e) {
            return Optional.of(String.join("; ", e.faults()));
        }
    }

    private static Optional<String> fault(
            SortedMap<String, byte[]> signatures,
            Release origin,
            String where,
            byte[] bytes,
            String type,
            AllowedSigners signers) {
        StatementBundle bundle = StatementBundle.read(where, bytes);
        List<AllowedSigner> lines = signers.of(bundle);
        if (lines.isEmpty()) {
            return Optional.of("by a key that is not in " + signers.file());
        }
        AllowedSigner line = lines.get(0);
        if (!bundle.isBy(line.key())) {
            return Optional.of("not signed by the key that it names, of " + line.label());
        }
        if (!signatures.containsKey(line.key().id() + Signing.SUFFIX)) {
            return Optional.of("by " + line.label() + ", who did not sign the entry");
        }
        ObjectNode statement = bundle.statement(where);
        if (!statement.path("predicateType").asText().equals(type)) {
            return Optional.of("the statement is of another kind than " + type);
        }
        // What the image is called differs from site to site.
        if (statement.path("subject").size() != 1
                || !BuildProof.isAbout(
                        statement, origin.content().releaseImage().digest())) {
            return Optional.of("the statement is about something else than the release image");
        }
        String app = statement
                .at("/predicate/buildDefinition/externalParameters/app")
                .asText();
        return type.equals(PROVENANCE_TYPE)
                        && !app.equals(origin.content().appImage().digest().text())
                ? Optional.of("the statement tells of another build than the entry")
                : Optional.empty();
    }
}
