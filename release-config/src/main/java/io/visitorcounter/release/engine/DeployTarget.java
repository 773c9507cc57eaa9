package io.visitorcounter.release.engine;

import java.util.Locale;
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
        KUBERNETES,
        /** Through {@code docker}. */
        SWARM;

        /** {@return the platform of this name}
         *
         *  @param word in config or a record */
        public static Platform of(String word) {
            return word.equals(SWARM.word()) ? SWARM : KUBERNETES;
        }

        /** {@return the name in config, records and messages} */
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** {@return the target that was recorded so}
     *
     *  @param where as {@link #where} said it */
    public static DeployTarget recorded(String name, String engine, String where) {
        // A context may have slashes in its name, a namespace or a stack has none.
        int slash = where.lastIndexOf('/');
        return new DeployTarget(
                name,
                Platform.of(engine),
                slash < 0 ? Optional.empty() : Optional.of(where.substring(0, slash)),
                where.substring(slash + 1));
    }

    /** {@return the place for people and for records, such as {@code prod-eu/prod}} */
    public String where() {
        return context.map(text -> text + "/").orElse("") + space;
    }
}
