package io.visitorcounter.release.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.Map;
import java.util.Optional;

/** The process around a command: its variables, its clock, and its streams.
 *
 *  @param variables of the environment
 *  @param clock the time that entries carry
 *  @param in what a person types
 *  @param out for results
 *  @param err for progress, questions and errors */
record ProcessContext(Map<String, String> variables, Clock clock, InputStream in, PrintStream out, PrintStream err) {

    Optional<String> variable(String name) {
        return Optional.ofNullable(variables.get(name)).filter(value -> !value.isBlank());
    }

    /** Whether to use colours: on a terminal, as bin/release reports it, unless NO_COLOR is set. */
    boolean isColoured() {
        return variable("RELEASE_TERMINAL").isPresent() && variable("NO_COLOR").isEmpty();
    }

    /** Overwrites the last line on stderr, which must be a terminal. */
    void overwrite(String line) {
        // Returns to the start of the line and clears it: cursor movement, not colour.
        err.print("\r\u001b[K" + line);
        err.flush();
    }

    /** Whether stderr is a terminal, as bin/release reports it, that can overwrite a line. */
    boolean isErrTerminal() {
        return variable("RELEASE_ERR_TERMINAL").isPresent();
    }

    /** The same for stderr. */
    boolean isErrColoured() {
        return isErrTerminal() && variable("NO_COLOR").isEmpty();
    }

    /** Asks the person at the terminal; empty if there is no terminal, as bin/release reports it, or no answer. */
    Optional<String> ask(String question) {
        if (variable("RELEASE_PERSON").isEmpty()) {
            return Optional.empty();
        }
        err.print(question);
        err.flush();
        try {
            String answer = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8)).readLine();
            return Optional.ofNullable(answer).map(String::strip).filter(text -> !text.isEmpty());
        } catch (IOException e) {
            // A terminal that went away gave no answer.
            return Optional.empty();
        }
    }

    /** The name of the user: as configured, as git would say, or as the machine says. */
    String user() {
        return variable("RELEASE_USER")
                .or(() -> variable("GIT_AUTHOR_NAME")
                        .map(name -> name
                                + variable("GIT_AUTHOR_EMAIL")
                                        .map(at -> " <" + at + ">")
                                        .orElse("")))
                .orElseGet(() -> System.getProperty("user.name", "unknown"))
                .replaceAll("[\\p{Cntrl}]", " ");
    }

    /** {@return the user's name: the variables may hold passwords} */
    @Override
    public String toString() {
        return "process of " + user();
    }
}
