package io.visitorcounter.release.action;

import java.util.Map;
import java.util.Optional;

/** The CI job that this process is part of.
 *
 *  @param builder the server's URL, or another name
 *  @param run the run's URL; empty if it has none */
public record BuildJob(String builder, Optional<String> run) {

    /** {@return the job that the environment variables describe; empty on a person's machine}
     *
     *  @param variables by name */
    public static Optional<BuildJob> of(Map<String, String> variables) {
        return set(variables, "RELEASE_BUILDER_ID")
                .or(() -> set(variables, "JENKINS_URL"))
                .map(builder -> new BuildJob(builder, set(variables, "BUILD_URL")));
    }

    /** {@return the value of a variable; empty if it is unset or blank} */
    static Optional<String> set(Map<String, String> variables, String name) {
        return Optional.ofNullable(variables.get(name)).filter(text -> !text.isBlank());
    }
}
