package io.visitorcounter.release.engine;

import java.util.Optional;

/** Where an environment's releases run.
 *
 *  @param name what {@code --to} calls it; {@code default} where an environment has only one
 *  @param platform which engine
 *  @param context what kubectl or docker call the cluster; empty: whichever is the current one
 *  @param space the namespace of Kubernetes, or the stack of Swarm */
public record DeployTarget(String name, Platform platform, Optional<String> context, String space) {

    /** The engines that can be deployed to. */
    public enum Platform {
        /** Through {@code kubectl}. */
        KUBERNETES("kubernetes"),
        /** Through {@code docker}. */
        SWARM("swarm");

        private final String word;

        Platform(String word) {
            this.word = word;
        }

        /** {@return the name in config, records and messages} */
        public String word() {
            return word;
        }
    }

    /** {@return the place for people and for records, such as {@code prod-eu/prod}} */
    public String where() {
        return context.map(text -> text + "/").orElse("") + space;
    }
}
