package io.visitorcounter.release.action;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.visitorcounter.release.Digest;
import io.visitorcounter.release.Environment;
import io.visitorcounter.release.PrintableText;
import io.visitorcounter.release.ReleaseException;
import io.visitorcounter.release.config.Policy;
import io.visitorcounter.release.image.ImageStore;
import io.visitorcounter.release.trust.AllowedSigner;
import io.visitorcounter.release.trust.AllowedSigners;
import io.visitorcounter.release.trust.StatementBundle;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Finds the proof that a build was made as an environment's file requires: a provenance of the app image that names
 *  the required builder, signed by one of the required signers. Anyone who may push can attach statements, so those
 *  that do not fit are skipped; the reasons are reported if none fits. */
final class BuildProof {

    private final Environment environment;
    private final Policy.BuildRule rule;
    private final AllowedSigners signers;
    private final List<String> reasons = new ArrayList<>();

    /** A bundle that proves it.
     *
     *  @param bytes of the bundle
     *  @param at when it was first known; its key must be valid then */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record KnownProvenance(byte[] bytes, Instant at) {}

    BuildProof(Environment environment, Policy.BuildRule rule, AllowedSigners signers) {
        this.environment = environment;
        this.rule = rule;
        this.signers = signers;
    }

    /** {@return the bundle to keep next to the entry}
     *
     *  @param known the promoted release's provenance; empty for a new build
     *  @param said what is attached to the app image
     *  @param now the time of the new entry
     *  @throws ReleaseException.Refused if it is required, and there is none */
    Optional<byte[]> find(Optional<KnownProvenance> known, AppStatements said, Instant now) {
        ImageStore.Stored app = said.app();
        Digest digest = app.image().digest();
        if (known.isPresent()
                && fits("the ledger", known.get().bytes(), digest, known.get().at())) {
            return known.map(KnownProvenance::bytes);
        }
        for (byte[] bytes : said.all()) {
            if (fits(app.name(), bytes, digest, now)) {
                return Optional.of(bytes);
            }
        }
        throw new ReleaseException.Refused(environment + ": expected a provenance of app " + digest.shortText() + " by "
                + String.join(" or ", rule.by()) + ", got "
                + (reasons.isEmpty() ? "none; release attest makes one" : String.join("; ", reasons)));
    }

    private boolean fits(String where, byte[] bytes, Digest app, Instant at) {
        Optional<String> reason;
        try {
            reason = fault(where, bytes, app, at);
        } catch (ReleaseException.VerificationFailed e) {
            reason = Optional.of(String.join("; ", e.faults()));
        }
        reason.filter(text -> !text.isEmpty()).ifPresent(reasons::add);
        return reason.isEmpty();
    }

    /** {@return why a bundle does not prove it; empty if it does; an empty text if it is about something else}
     *
     *  @throws ReleaseException.VerificationFailed if the bytes are not a bundle */
    Optional<String> fault(String where, byte[] bytes, Digest app, Instant at) {
        StatementBundle bundle = StatementBundle.read(where, bytes);
        Optional<String> unsigned = signers.fault(bundle);
        if (unsigned.isPresent()) {
            return unsigned.map(fault -> "one " + fault);
        }
        List<AllowedSigner> lines = signers.of(bundle);
        AllowedSigner first = lines.get(0);
        ObjectNode statement = bundle.statement(where);
        if (!statement.path("predicateType").asText().equals(ImageStatements.PROVENANCE_TYPE)) {
            return Optional.of("");
        }
        if (!isAbout(statement, app)) {
            return Optional.of("one by " + first.label() + " of another image");
        }
        List<AllowedSigner> able = lines.stream()
                .filter(line -> line.isFor(StatementBundle.NAMESPACE) && line.speaksForOneOf(rule.by()))
                .toList();
        if (able.isEmpty()) {
            return Optional.of("one by " + first.label());
        }
        if (able.stream().noneMatch(line -> line.isValidAt(at))) {
            return Optional.of("one by a key that is not valid at " + at + ": " + Signing.span(able.get(0)));
        }
        String builder = statement.at("/predicate/runDetails/builder/id").asText();
        return rule.builder()
                .filter(asked -> !asked.equals(builder))
                .map(asked -> "one of the builder " + PrintableText.quoted(builder) + ", expected "
                        + PrintableText.quoted(asked));
    }

    static boolean isAbout(ObjectNode statement, Digest image) {
        for (JsonNode subject : statement.path("subject")) {
            if (subject.path("digest").path("sha256").asText().equals(image.hex())) {
                return true;
            }
        }
        return false;
    }
}
