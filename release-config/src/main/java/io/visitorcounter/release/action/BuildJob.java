package io.visitorcounter.release.action;

import java.util.Map;
import java.util.Optional;

/** The job of a CI server that this is part of.
 *
 *  @param builder the server, by its URL or whatever it is called by
 *  @param run the run, by its URL; empty if it has none */
public record BuildJob(String builder, Optional<String> run) {

    /** {@return the job that the environment's variables tell of; empty on a machine of a person}
     *
     *  @param variables by name */
    public static Optional<BuildJob> of(Map<String, String> variables) {
        return set(variables, "RELEASE_BUILDER_ID")
                .or(() -> set(variables, "JENKINS_URL"))
                .map(builder -> new BuildJob(builder, set(variables, "BUILD_URL")));
    }

    /** {@return the value of a variable; empty where it is not set, or blank} */
    static Optional<String> set(Map<String, String> variables, String name) {
        return Optional.ofNullable(variables.get(name)).filter(text -> !text.isBlank());
    }
}
