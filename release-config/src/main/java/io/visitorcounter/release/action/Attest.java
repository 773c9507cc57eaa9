package io.visitorcounter.release.action;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.visitorcounter.release.CanonicalJson;
import io.visitorcounter.release.Digest;
import io.visitorcounter.release.PrintableText;
import io.visitorcounter.release.ReleaseException;
import io.visitorcounter.release.SmallFile;
import io.visitorcounter.release.image.ImageStore;
import io.visitorcounter.release.image.Referrer;
import io.visitorcounter.release.image.Registry;
import io.visitorcounter.release.trust.SigningKey;
import io.visitorcounter.release.trust.StatementBundle;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Signs a build's statements about its app image, and attaches them: how it was made, its bill of materials, and what
 *  is known about its vulnerabilities (VEX). What the same key has already signed is skipped. */
public record Attest(Workspace workspace) {

    private static final String CYCLONEDX = "https://cyclonedx.org/bom";
    private static final String SPDX = "https://spdx.dev/Document";
    private static final String OPENVEX = "https://openvex.dev/ns";
    private static final int MAX_FILE_BYTES = 2 << 20;

    /** {@return whether statements of this type hold bills of materials} */
    static boolean isBillOfMaterials(String predicateType) {
        return predicateType.equals(CYCLONEDX) || predicateType.equals(SPDX);
    }

    /** What is asked for.
     *
     *  @param image the app image, in a registry
     *  @param provenance whether to state how it was made
     *  @param parameters the names of the variables that a user of the job can set
     *  @param base the image that it was built on; empty if that is not to be recorded
     *  @param sbom the bill of materials
     *  @param vex what is known about its vulnerabilities, in OpenVEX
     *  @param variables the environment's
     *  @param dryRun whether to write nothing */
    public record Request(
            String image,
            boolean provenance,
            List<String> parameters,
            Optional<String> base,
            Optional<Path> sbom,
            Optional<Path> vex,
            Map<String, String> variables,
            boolean dryRun) {

        /** {@return the image: the variables may hold passwords} */
        @Override
        public String toString() {
            return PrintableText.oneLine(image);
        }
    }

    /** What was attached.
     *
     *  @param image the whole reference, with its digest
     *  @param signer who signed the statements
     *  @param statements in the order in which they are printed */
    public record Attested(String image, String signer, List<AttachedStatement> statements) {}

    /** One thing that was attached.
     *
     *  @param type of the predicate, or of the plain file
     *  @param digest of the referrer's manifest
     *  @param isNew false if it was attached before */
    public record AttachedStatement(String type, Digest digest, boolean isNew) {}

    /** {@return what was attached, now or before}
     *
     *  @throws ReleaseException.Usage if no statement is requested, or there is no key, no registry or no builder
     *  @throws ReleaseException.Refused if the key may not sign, or the image is not the build that the variables
     *      describe */
    public Attested run(Request request) {
        workspace.signing().begin();
        if (!request.provenance() && request.sbom().isEmpty() && request.vex().isEmpty()) {
            throw new ReleaseException.Usage("release attest: expected --provenance, --sbom or --vex, got none");
        }
        if (!Registry.isReference(request.image())) {
            throw new ReleaseException.Usage(
                    request.image() + ": expected an image of a registry, to which statements can be attached");
        }
        Signing.Own own =
                workspace.signing().attestor(workspace.clock().instant()).orElseThrow(() -> Signing.noKey("attest"));
        ImageStore.Stored app = workspace.images().find(request.image()).stored();
        List<Said> said = said(request, app);
        List<byte[]> there =
                workspace.images().attached(app.name(), app.image(), StatementBundle.MEDIA_TYPE, List.of());
        List<AttachedStatement> statements = new ArrayList<>();
        List<Referrer> referrers = new ArrayList<>();
        for (Said each : said) {
            Optional<byte[]> same = each.statement().flatMap(statement -> same(there, statement, own.key()));
            Referrer referrer = same.map(bytes -> each.referrer(bytes)).orElseGet(() -> each.sign(own.key()));
            boolean isNew = !workspace
                    .images()
                    .unattached(app.name(), app.image(), List.of(referrer))
                    .isEmpty();
            if (isNew) {
                referrers.add(referrer);
            }
            statements.add(new AttachedStatement(each.type(), referrer.digest(app.image()), isNew));
        }
        if (!request.dryRun()) {
            workspace.images().attach(app.name(), app.image(), referrers);
        }
        return new Attested(app.name(), own.label(), statements);
    }

    /** Something that is to be attached: a statement, which is signed, or a plain file. */
    private record Said(String type, Optional<ObjectNode> statement, Optional<byte[]> plain) {

        Referrer sign(SigningKey key) {
            return statement
                    .map(json -> referrer(StatementBundle.sign(json, key)))
                    .orElseGet(() -> new Referrer(type, type, new TreeMap<>(), plain.orElseThrow()));
        }

        Referrer referrer(byte[] bundle) {
            return ImageStatements.bundle(type, type, bundle);
        }
    }

    private List<Said> said(Request request, ImageStore.Stored app) {
        List<Said> said = new ArrayList<>();
        Optional<BillOfMaterials> sbom = request.sbom().map(BillOfMaterials::read);
        if (request.provenance()) {
            Optional<ImageStore.Stored> base =
                    request.base().map(name -> workspace.images().find(name).stored());
            ObjectNode provenance = new BuildFacts(request.variables())
                    .provenance(
                            app,
                            request.parameters(),
                            base,
                            sbom,
                            workspace.clock().instant().truncatedTo(ChronoUnit.SECONDS));
            said.add(statement(app, ImageStatements.PROVENANCE_TYPE, provenance));
        }
        request.sbom().ifPresent(file -> {
            byte[] bytes = sbom.flatMap(BillOfMaterials::bytes)
                    .filter(whole -> whole.length <= MAX_FILE_BYTES)
                    .orElseThrow(() -> tooLong(file));
            String type = BillOfMaterials.type(bytes)
                    .orElseThrow(() -> new ReleaseException.Usage(
                            file + ": expected a bill of materials in JSON, of CycloneDX or SPDX, got something else"));
            ObjectNode json = CanonicalJson.parse(file.toString(), bytes);
            said.add(statement(app, json.has("bomFormat") ? CYCLONEDX : SPDX, json));
            said.add(new Said(type, Optional.empty(), Optional.of(bytes)));
        });
        request.vex().ifPresent(file -> said.add(vex(app, file)));
        return said;
    }

    private static Said statement(ImageStore.Stored app, String type, ObjectNode predicate) {
        ObjectNode statement = StatementBundle.statement(
                List.of(new StatementBundle.NamedDigest(app.name(), app.image().digest())), type, predicate);
        return new Said(type, Optional.of(statement), Optional.empty());
    }

    private static Said vex(ImageStore.Stored app, Path file) {
        byte[] bytes;
        try {
            if (Files.isRegularFile(file) && Files.size(file) > MAX_FILE_BYTES) {
                throw tooLong(file);
            }
            bytes = SmallFile.read(file, MAX_FILE_BYTES);
        } catch (IOException e) {
            throw new ReleaseException.NotFound(file + ": can't be read: " + ReleaseException.reason(e));
        }
        JsonNode json;
        try {
            json = CanonicalJson.parse(file.toString(), bytes);
        } catch (ReleaseException.VerificationFailed e) {
            throw new ReleaseException.Usage(String.valueOf(e.getMessage()));
        }
        String context = json.path("@context").asText();
        if (!context.startsWith(OPENVEX)) {
            throw new ReleaseException.Usage(file + ": expected a document of OpenVEX, got something else");
        }
        return statement(app, context, (ObjectNode) json);
    }

    private static ReleaseException tooLong(Path file) {
        return new ReleaseException.Usage(file + ": expected at most " + MAX_FILE_BYTES + " bytes, got more");
    }

    /** An existing bundle by this key that says the same, whatever its time. */
    private static Optional<byte[]> same(List<byte[]> there, ObjectNode statement, SigningKey key) {
        return there.stream().filter(bytes -> says(bytes, statement, key)).findFirst();
    }

    private static boolean says(byte[] bundle, ObjectNode statement, SigningKey key) {
        try {
            StatementBundle read = StatementBundle.read("attached", bundle);
            return read.isBy(key.verifying())
                    && timeless(read.statement("attached")).equals(timeless(statement));
        } catch (ReleaseException.VerificationFailed another) {
            // Not readable as a bundle, so this key did not sign it.
            return false;
        }
    }

    private static ObjectNode timeless(ObjectNode statement) {
        ObjectNode copy = statement.deepCopy();
        if (copy.at("/predicate/runDetails/metadata") instanceof ObjectNode metadata) {
            metadata.remove("finishedOn");
        }
        return copy;
    }
}
