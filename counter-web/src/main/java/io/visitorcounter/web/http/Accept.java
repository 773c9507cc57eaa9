package io.visitorcounter.web.http;

import io.undertow.server.HttpServerExchange;
import io.undertow.util.HeaderValues;
import io.undertow.util.Headers;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Chooses among the types that an endpoint can answer with, by the request's {@code Accept} (RFC 9110, 12.5.1). */
public final class Accept {

    private Accept() {}

    /** {@return as {@link #best(String, List)}, for all of the request's {@code Accept} headers together} */
    public static int best(HttpServerExchange exchange, List<String> offered) {
        HeaderValues accept = exchange.getRequestHeaders().get(Headers.ACCEPT);
        if (accept == null) {
            return best((String) null, offered);
        }
        return best(accept.size() == 1 ? accept.getFirst() : String.join(",", accept), offered);
    }

    /** {@return the index of the offered type that the client prefers; the first if it has no preference or accepts
     *  none of them, since a response in another type is more useful than a refusal}
     *
     *  @param accept the header, or null
     *  @param offered types as in {@code text/html}, the server's preferred type first */
    static int best(@Nullable String accept, List<String> offered) {
        if (accept == null || accept.isBlank() || accept.equals("*/*")) {
            return 0;
        }
        String[] ranges = accept.toLowerCase(Locale.ROOT).split(",", 64);
        int best = 0;
        double bestQuality = 0;
        for (int i = 0; i < offered.size(); i++) {
            double quality = quality(offered.get(i), ranges);
            if (quality > bestQuality) {
                best = i;
                bestQuality = quality;
            }
        }
        return best;
    }

    /** {@return the quality of the most specific range that contains the type; 0 if none does} */
    private static double quality(String type, String[] ranges) {
        int specific = -1;
        double quality = 0;
        for (String range : ranges) {
            String[] parts = range.split(";", -1);
            int fits = fits(type, parts[0].strip());
            if (fits > specific) {
                specific = fits;
                quality = weight(parts);
            }
        }
        return quality;
    }

    private static int fits(String type, String range) {
        if (range.equals(type)) {
            return 2;
        }
        if (range.equals("*/*")) {
            return 0;
        }
        return range.endsWith("/*") && type.startsWith(range.substring(0, range.length() - 1)) ? 1 : -1;
    }

    private static double weight(String[] parts) {
        for (int i = 1; i < parts.length; i++) {
            String part = parts[i].strip();
            if (part.startsWith("q=")) {
                try {
                    return Math.max(0, Math.min(1, Double.parseDouble(part.substring(2))));
                } catch (NumberFormatException e) {
                    return 0;
                }
            }
        }
        return 1;
    }
}
