package io.visitorcounter.release.cli;

import io.visitorcounter.release.action.Attest;
import java.nio.file.Path;
import java.util.List;

final class AttestCommand extends Command {

    private final Input<String> image = argument(
            "IMAGE", String.class, "The app image: one of a registry by digest, or the jib-image.json of a push");
    private final Input<Boolean> provenance =
            flag("--provenance", "Say how it was made, from the variables of the CI server (SLSA v1)");
    private final Input<String> parameters =
            option("--parameters", "NAME,…", "The variables that hold what a user of the job can set. Default: none");
    private final Input<String> base = option(
            "--base", "IMAGE", "The image that it was built on; its layers must be the lowest. Default: not recorded");
    private final Input<Path> sbom =
            option("--sbom", "FILE", Path.class, "Its bill of materials: JSON of CycloneDX or SPDX");
    private final Input<Path> vex =
            option("--vex", "FILE", Path.class, "What is known about its vulnerabilities, in OpenVEX");
    private final Input<Boolean> dryRun = flag("--dry-run", "Print what would be attached, and write nothing");

    AttestCommand() {
        super(
                "Sign statements about a build's app image, and attach them to the image in its registry.",
                "allowed_signers must let the key of --signing-key sign for \"release\". What the same key has signed already is",
                "skipped. An environment whose file has require-build-by accepts only builds with a provenance.",
                "",
                "Examples:",
                "  release attest counter-web/target/jib-image.json --provenance --sbom counter-web/target/sbom.json",
                "  release attest registry.example/counter-web@sha256:… --vex openvex.json --dry-run");
    }

    @Override
    Output run(Session session) {
        Attest.Attested attested = new Attest(session.workspace(true))
                .run(new Attest.Request(
                        session.app(image.value()),
                        provenance.value(),
                        parameters
                                .given()
                                .map(names -> List.of(names.split(",", -1)))
                                .orElse(List.of()),
                        base.given().map(session::app),
                        sbom.given().map(session::path),
                        vex.given().map(session::path),
                        session.context().variables(),
                        dryRun.value()));
        var json = Output.document("Attested")
                .put("image", attested.image())
                .put("signedBy", attested.signer())
                .put("dryRun", dryRun.value());
        var list = json.putArray("statements");
        attested.statements()
                .forEach(each -> list.addObject()
                        .put("type", each.type())
                        .put("digest", each.digest().text())
                        .put("isNew", each.isNew()));
        return Output.of(json, printer -> {
            attested.statements()
                    .forEach(each ->
                            printer.line((each.isNew() ? dryRun.value() ? "missing   " : "attached  " : "unchanged ")
                                    + each.digest() + "  " + each.type()));
            printer.line("signed    by " + attested.signer());
        });
    }
}
