package io.visitorcounter.release.cli;

import java.io.PrintStream;
import java.time.Clock;
import java.util.Map;
import java.util.Optional;

/** What the command knows of the machine: its variables, its clock, and where to print.
 *
 *  @param variables of the environment
 *  @param clock the time that entries carry
 *  @param out for results
 *  @param err for progress and errors */
record Surroundings(Map<String, String> variables, Clock clock, PrintStream out, PrintStream err) {

    Optional<String> variable(String name) {
        return Optional.ofNullable(variables.get(name)).filter(value -> !value.isBlank());
    }

    /** Whether colours are wanted: on a terminal, which bin/release knows, unless NO_COLOR says otherwise. */
    boolean isColoured() {
        return variable("RELEASE_TERMINAL").isPresent() && variable("NO_COLOR").isEmpty();
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
