package io.visitorcounter.web.config;

import io.visitorcounter.web.values.AddressRange;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The hosts where Redis listens.
 *
 *  @param names hosts, each with or without a port; empty if Redis is not used */
record RedisHosts(List<String> names) {

    private static final String PORT =
            "(6553[0-5]|655[0-2][0-9]|65[0-4][0-9]{2}|6[0-4][0-9]{3}|[1-5][0-9]{4}|[1-9][0-9]{0,3})";
    private static final String HOST = "([A-Za-z0-9_.-]+(:" + PORT + ")?|\\[[0-9A-Fa-f:.]+\\](:" + PORT + ")?"
            + "|[0-9A-Fa-f.]*:[0-9A-Fa-f.]*:[0-9A-Fa-f:.]*)";

    /** Matches what {@link #of} accepts, and also malformed IPv6 addresses. */
    static final Pattern LIST = Pattern.compile("(" + HOST + "(,(?!$)|$))*");

    /** {@return the hosts of a comma-separated list}
     *
     *  @throws IllegalArgumentException if one looks like an IPv6 address but is not valid */
    static RedisHosts of(String text) {
        List<String> names = text.isEmpty() ? List.of() : List.of(text.split(",", -1));
        for (String name : names) {
            int bracket = name.indexOf(']');
            if (bracket > 0 || name.indexOf(':') != name.lastIndexOf(':')) {
                AddressRange.literal(bracket > 0 ? name.substring(1, bracket) : name);
            }
        }
        return new RedisHosts(names);
    }

    /** {@return the list for a URI}
     *
     *  @param port the port of hosts without one */
    String withPort(int port) {
        return names.stream().map(name -> withPort(name, port)).collect(Collectors.joining(","));
    }

    private static String withPort(String name, int port) {
        if (name.startsWith("[")) {
            return name.endsWith("]") ? name + ":" + port : name;
        }
        long colons = name.chars().filter(c -> c == ':').count();
        return colons == 0 ? name + ":" + port : colons == 1 ? name : "[" + name + "]:" + port;
    }
}
