package io.visitorcounter.core.redis;

import io.visitorcounter.core.StoreException;
import java.lang.module.ModuleDescriptor.Version;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Checks the versions of Lettuce and Netty before they are used. A platform's BOM may have replaced them, and the
 *  error that follows would name a class and not the cause. */
final class ClientVersions {

    /** The version that this library is built and tested with. */
    static final String LETTUCE = "7.7.0.RELEASE";

    static final String NETTY = "4.2.13.Final";

    /** Older versions lack classes that are used here. */
    private static final Version MIN_LETTUCE = Version.parse("7.5");

    /** Older versions may resend a command by themselves when a node of a Cluster goes away. */
    private static final Version MIN_IN_CLUSTER = Version.parse("7.7");

    private static final Version MIN_NETTY = Version.parse("4.2");

    private ClientVersions() {}

    /** Checks the versions, for a Cluster or for one server.
     *
     *  @throws StoreException if a library is missing or too old; the message says what to set */
    static void check(String where, boolean cluster) {
        List<String> faults = faults(version("io.lettuce.core.RedisClient"), version("io.netty.util.Timer"), cluster);
        if (!faults.isEmpty()) {
            throw new StoreException(where + ": " + String.join("; and ", faults), null);
        }
    }

    /** {@return the failure if the libraries still don't fit together} */
    static StoreException unfit(String where, LinkageError e) {
        return new StoreException(
                where + ": Lettuce " + version("io.lettuce.core.RedisClient") + " and Netty "
                        + version("io.netty.util.Timer") + " found, expected " + LETTUCE + " and " + NETTY + " (" + e
                        + "); see docs/library.md, Versions",
                e);
    }

    /** {@return what is wrong, with the next step}
     *
     *  @param lettuce its version; empty if unknown; null if it is missing
     *  @param netty likewise */
    static List<String> faults(@Nullable String lettuce, @Nullable String netty, boolean cluster) {
        List<String> faults = new ArrayList<>();
        if (lettuce == null) {
            faults.add("Lettuce is not on the class path; add io.lettuce:lettuce-core:" + LETTUCE);
        } else if (isOlder(lettuce, cluster ? MIN_IN_CLUSTER : MIN_LETTUCE)) {
            faults.add("Lettuce: expected " + (cluster ? "7.7 or newer for a Cluster" : "7.5 or newer") + ", got "
                    + lettuce + "; set lettuce.version to " + LETTUCE + " where Spring Boot chooses it, else"
                    + " depend on io.lettuce:lettuce-core:" + LETTUCE);
        }
        if (netty == null && lettuce != null) {
            faults.add("Netty is not on the class path; add io.netty:netty-handler:" + NETTY);
        } else if (netty != null && isOlder(netty, MIN_NETTY)) {
            faults.add("Netty: expected 4.2 or newer, got " + netty + "; set netty.version to " + NETTY
                    + " where Spring Boot chooses it, else import io.netty:netty-bom:" + NETTY
                    + " before the platform's BOM");
        }
        return faults;
    }

    private static boolean isOlder(String version, Version min) {
        try {
            return Version.parse(version).compareTo(min) < 0;
        } catch (IllegalArgumentException e) {
            return false; // a repackaged jar may have lost its version
        }
    }

    /** {@return the version of a class's jar; empty if it has none; null if there is no such class} */
    static @Nullable String version(String className) {
        try {
            Class<?> found = Class.forName(className, false, ClientVersions.class.getClassLoader());
            String version = found.getPackage().getImplementationVersion();
            return version == null ? "" : version.replaceFirst("/.*", "");
        } catch (ClassNotFoundException | LinkageError e) {
            return null;
        }
    }
}
