package io.visitorcounter.release.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.visitorcounter.release.CanonicalJson;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ScopeType;

/** The options that every command takes. */
final class GlobalOptions {

    private final Command top;
    final Input<Path> environments;
    final Input<String> ledger;
    final Input<String> images;
    final Input<Path> signingKey;
    private final Input<OutputForm> output;
    final Input<Boolean> insecureRegistry;
    private final Input<Boolean> debug;

    /** Adds them.
     *
     *  @param top the top-level command, which passes them to the others */
    GlobalOptions(Command top) {
        this.top = top;
        environments = add(
                "--environments",
                "FOLDER",
                Path.class,
                "The environments' files. Default: $RELEASE_ENVIRONMENTS, or ./environments");
        ledger = add(
                "--ledger",
                "REPO",
                String.class,
                "Git repository with the history: a folder, or a URL as git takes it. Default: $RELEASE_LEDGER, or"
                        + " .release/ledger.git");
        images = add(
                "--images",
                "PLACE",
                String.class,
                "Where images are: a folder of tars, or a registry's host/name, which lets --app be only a digest."
                        + " Default: $RELEASE_IMAGES, or .release/images");
        signingKey = add(
                "--signing-key",
                "FILE",
                Path.class,
                "The key that signs releases, made with ssh-keygen -t ecdsa or ed25519. Default: $RELEASE_SIGNING_KEY, or"
                        + " none");
        output = top.add(top.optionSpec(
                        "--output",
                        "FORM",
                        OutputForm.class,
                        "How the result is printed: text, json, or jsonl (one document per line)")
                .defaultValue("text")
                .scopeType(ScopeType.INHERIT));
        insecureRegistry = add(
                "--insecure-registry",
                "Allow plain HTTP to registries on other machines. Default: whether $RELEASE_INSECURE_REGISTRY is set");
        debug = add("--debug", "Print the stack trace of an error");
    }

    private <T> Input<T> add(String name, String label, Class<T> type, String description) {
        return top.add(top.optionSpec(name, label, type, description).scopeType(ScopeType.INHERIT));
    }

    private Input<Boolean> add(String name, String description) {
        return top.add(OptionSpec.builder(name)
                .scopeType(ScopeType.INHERIT)
                .type(boolean.class)
                .defaultValue("false")
                .description(description));
    }

    /** {@return whether results are printed as JSON, if the option could be read} */
    boolean isJson() {
        return output.given().filter(form -> form != OutputForm.TEXT).isPresent();
    }

    /** {@return whether each JSON document is one line, and progress is reported as such lines too} */
    boolean isJsonLines() {
        return output.given().equals(Optional.of(OutputForm.JSONL));
    }

    /** {@return a JSON document in the form to print} */
    String text(JsonNode document) {
        return isJsonLines()
                ? new String(CanonicalJson.compact(document), StandardCharsets.UTF_8)
                : CanonicalJson.text(document);
    }

    /** {@return whether an error is printed with its stack trace} */
    boolean isDebug() {
        return debug.given().orElse(false);
    }
}
