package io.visitorcounter.release.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.visitorcounter.release.CanonicalJson;
import java.util.function.Consumer;

/** What a command says in the end, and the code that it exits with. {@link Printer} prints one of the two forms.
 *
 *  @param json prints the form for programs
 *  @param text prints the form for people
 *  @param code the exit code */
record Output(Consumer<Printer> json, Consumer<Printer> text, int code) {

    /** {@return the output of a command that did what it was asked for}
     *
     *  @param text prints the lines for people */
    static Output of(ObjectNode json, Consumer<Printer> text) {
        return new Output(printer -> printer.json(json), text, ExitCode.DONE.code());
    }

    /** {@return a JSON document of this kind, to which fields are added} */
    static ObjectNode document(String kind) {
        return CanonicalJson.object()
                .put("schemaVersion", OutputForm.SCHEMA_VERSION)
                .put("kind", kind);
    }

    /** {@return nothing but an exit code} */
    static Output none(int code) {
        return new Output(printer -> {}, printer -> {}, code);
    }

    /** {@return the same, followed by more in either form} */
    Output then(Consumer<Printer> more) {
        return new Output(json.andThen(more), text.andThen(more), code);
    }

    /** {@return the same with another exit code} */
    Output exiting(ExitCode other) {
        return new Output(json, text, other.code());
    }
}
