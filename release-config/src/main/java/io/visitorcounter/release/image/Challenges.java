package io.visitorcounter.release.image;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** The challenges of {@code WWW-Authenticate} header fields, in the grammar of RFC 9110, 11.6.1: one or several in each
 *  of several fields, parameters as tokens or quoted, blanks around {@code =}, names in any case. What does not fit the
 *  grammar is skipped. */
final class Challenges {

    private static final String BLANKS = " \t";

    private final HeaderText text;
    private final List<Challenge> found = new ArrayList<>();

    private Challenges(String field) {
        this.text = new HeaderText(field);
    }

    /** One way to authenticate.
     *
     *  @param scheme in lower case, such as {@code bearer}
     *  @param parameters by name in lower case */
    record Challenge(String scheme, Map<String, String> parameters) {

        Optional<String> parameter(String name) {
            return Optional.ofNullable(parameters.get(name));
        }
    }

    /** {@return the challenges, in their order} */
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
        while (!text.isEnd()) {
            text.skip(BLANKS + ",");
            String name = text.token("").toLowerCase(Locale.ROOT);
            if (name.isEmpty()) {
                text.moveTo(text.at() + 1);
                continue;
            }
            int afterName = text.at();
            text.skip(BLANKS);
            if (text.isNext('=') && !found.isEmpty() && !isPadding()) {
                text.skip(BLANKS);
                found.get(found.size() - 1).parameters().putIfAbsent(name, text.value(BLANKS + ","));
            } else {
                text.moveTo(afterName);
                found.add(new Challenge(name, new TreeMap<>()));
                skipToken68();
            }
        }
    }

    /** A scheme may be followed by one base64 token instead of parameters. */
    private void skipToken68() {
        int start = text.at();
        text.skip(BLANKS);
        boolean isEmpty = text.token("/").isEmpty();
        text.skip("=");
        text.skip(BLANKS);
        boolean alone = text.isEnd() || text.isNext(',');
        if (isEmpty || !alone) {
            text.moveTo(start);
        }
    }

    /** Whether several equals signs are next; a single one is skipped. */
    private boolean isPadding() {
        return text.skip("=") > 1;
    }
}
