package io.visitorcounter.release.image;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** The links of {@code Link} header fields, in the grammar of RFC 8288, 3: one or several in each of several fields,
 *  parameters in any order, quoted or not. What does not fit the grammar is skipped. */
final class Links {

    private static final String BLANKS = " \t";

    private Links() {}

    /** {@return the target of the first link of this relation, as written; empty if there is none}
     *
     *  @param relation such as {@code next} */
    static Optional<String> to(String relation, List<String> fields) {
        for (String field : fields) {
            HeaderText text = new HeaderText(field);
            while (!text.isEnd()) {
                text.until("<");
                text.took('<');
                String target = text.until(">");
                if (text.took('>') && isOf(relation, parameters(text))) {
                    return Optional.of(target);
                }
            }
        }
        return Optional.empty();
    }

    private static Map<String, String> parameters(HeaderText text) {
        Map<String, String> parameters = new HashMap<>();
        text.skip(BLANKS);
        while (text.took(';')) {
            text.skip(BLANKS);
            String name = text.token("").toLowerCase(Locale.ROOT);
            text.skip(BLANKS);
            if (text.took('=')) {
                text.skip(BLANKS);
                // If a name has several values, the first counts.
                parameters.putIfAbsent(name, text.value(BLANKS + ";,"));
            }
            text.skip(BLANKS);
        }
        return parameters;
    }

    private static boolean isOf(String relation, Map<String, String> parameters) {
        return Arrays.asList(parameters.getOrDefault("rel", "").split("\\s+", -1)).stream()
                .anyMatch(relation::equalsIgnoreCase);
    }
}
