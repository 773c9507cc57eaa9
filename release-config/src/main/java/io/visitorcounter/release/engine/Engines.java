package io.visitorcounter.release.engine;

import java.util.Map;

/** The engine of a target. */
public final class Engines {

    private Engines() {}

    /** {@return the engine; no program is started yet}
     *
     *  @param adopt whether fields that belong to another owner are taken over, where the engine knows of owners
     *  @param variables the environment of the engine's program, in whose {@code PATH} it is looked for */
    public static Engine of(DeployTarget target, boolean adopt, Map<String, String> variables) {
        return switch (target.platform()) {
            case KUBERNETES -> new KubernetesEngine(target, adopt, variables);
            case SWARM -> new SwarmEngine(target, variables);
        };
    }
}
