package io.visitorcounter.release.engine;

import io.visitorcounter.release.PrintableText;
import io.visitorcounter.release.ReleaseException;
import java.util.Locale;
import java.util.Optional;

/** Where an environment's releases run.
 *
 *  @param name its name for {@code --to}; {@code default} if an environment has only one
 *  @param platform which engine
 *  @param context the name of the cluster for kubectl or docker; empty: the current one
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
         *  @param word in config or a record
         *  @throws ReleaseException.Unreachable if there is none, as in the record of a newer version of this tool */
        public static Platform of(String word) {
            for (Platform platform : values()) {
                if (platform.word().equals(word)) {
                    return platform;
                }
            }
            throw new ReleaseException.Unreachable("engine: expected kubernetes or swarm, got "
                    + PrintableText.quoted(word) + "; if a newer release tool recorded it, update this one");
        }

        /** {@return the name in config, records and messages} */
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** {@return the recorded target}
     *
     *  @param where as {@link #where} said it
     *  @throws ReleaseException.Unreachable if this version knows no such engine */
    public static DeployTarget recorded(String name, String engine, String where) {
        // A context's name may have slashes; that of a namespace or a stack may not.
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
