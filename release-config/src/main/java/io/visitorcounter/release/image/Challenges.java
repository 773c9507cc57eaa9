package io.visitorcounter.release.image;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** The challenges of {@code WWW-Authenticate} header fields, in the grammar of RFC 9110, 11.6.1: several in one field or
 *  in several, parameters as tokens or quoted, blanks around {@code =}, names in any case. What does not fit the grammar
 *  is skipped. */
final class Challenges {

    private static final String TOKEN_SIGNS = "!#$%&'*+-.^_`|~";

    private final String text;
    private final List<Challenge> found = new ArrayList<>();
    private int at;

    private Challenges(String text) {
        this.text = text;
    }

    /** One way to say who we are.
     *
     *  @param scheme in lower case, such as {@code bearer}
     *  @param parameters by name in lower case */
    record Challenge(String scheme, Map<String, String> parameters) {

        Optional<String> parameter(String name) {
            return Optional.ofNullable(parameters.get(name));
        }
    }

    /** {@return the challenges, in their order}
     *
     *  @param fields the values of the header fields */
    static List<Challenge> of(List<String> fields) {
        List<Challenge> all = new ArrayList<>();
        for (String field : fields) {
            Challenges reader = new Challenges(field);
            reader.read();
            all.addAll(reader.found);
        }
        return all;
    }

    private void read() {
        while (at < text.length()) {
            skip(" \t,");
            String name = token();
            if (name.isEmpty()) {
                at++;
                continue;
            }
            int afterName = at;
            skip(" \t");
            if (at < text.length() && text.charAt(at) == '=' && !found.isEmpty() && !isPadding()) {
                at++;
                skip(" \t");
                found.get(found.size() - 1).parameters().putIfAbsent(name.toLowerCase(Locale.ROOT), value());
            } else {
                at = afterName;
                found.add(new Challenge(name.toLowerCase(Locale.ROOT), new TreeMap<>()));
                skipToken68();
            }
        }
    }

    /** A scheme may be followed by one piece of base64 instead of parameters. */
    private void skipToken68() {
        int start = at;
        skip(" \t");
        int from = at;
        while (at < text.length() && (isTokenSign(text.charAt(at)) || text.charAt(at) == '/')) {
            at++;
        }
        int end = at;
        skip("=");
        skip(" \t");
        boolean alone = at >= text.length() || text.charAt(at) == ',';
        if (end == from || !alone) {
            at = start;
        }
    }

    private boolean isPadding() {
        int next = at;
        while (next < text.length() && text.charAt(next) == '=') {
            next++;
        }
        return next > at + 1;
    }

    private String value() {
        if (at < text.length() && text.charAt(at) == '"') {
            return quoted();
        }
        int start = at;
        // Servers also leave out the quotes of values that need them, such as URLs.
        while (at < text.length() && " \t,".indexOf(text.charAt(at)) < 0) {
            at++;
        }
        return text.substring(start, at);
    }

    private String quoted() {
        StringBuilder value = new StringBuilder();
        at++;
        while (at < text.length() && text.charAt(at) != '"') {
            if (text.charAt(at) == '\\' && at + 1 < text.length()) {
                at++;
            }
            value.append(text.charAt(at++));
        }
        at++;
        return value.toString();
    }

    private String token() {
        int start = at;
        while (at < text.length() && isTokenSign(text.charAt(at))) {
            at++;
        }
        return text.substring(start, at);
    }

    private static boolean isTokenSign(char c) {
        return c < 128 && (Character.isLetterOrDigit(c) || TOKEN_SIGNS.indexOf(c) >= 0);
    }

    private void skip(String signs) {
        while (at < text.length() && signs.indexOf(text.charAt(at)) >= 0) {
            at++;
        }
    }
}
