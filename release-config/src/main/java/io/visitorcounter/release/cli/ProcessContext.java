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

/** What the command knows of the machine: its variables, its clock, and where to print.
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

    /** Whether colours are wanted: on a terminal, which bin/release knows, unless NO_COLOR says otherwise. */
    boolean isColoured() {
        return variable("RELEASE_TERMINAL").isPresent() && variable("NO_COLOR").isEmpty();
    }

    /** Whether stderr is a terminal, which bin/release knows, that can write over a line. */
    boolean isErrTerminal() {
        return variable("RELEASE_ERR_TERMINAL").isPresent();
    }

    /** The same for stderr. */
    boolean isErrColoured() {
        return isErrTerminal() && variable("NO_COLOR").isEmpty();
    }

    /** Asks the person at the terminal; empty where there is none, which bin/release knows, or who says nothing. */
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
            // A terminal that went away said nothing.
            return Optional.empty();
        }
    }

    /** Who acts: as they are told to call themselves, as git would, or as the machine does. */
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
}
