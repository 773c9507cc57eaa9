package io.visitorcounter.release.hocon;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** The known word that was most likely meant. */
public final class Nearest {

    // Comparing longer words takes long, and nobody types them.
    private static final int MAX_CHARACTERS = 200;

    private Nearest() {}

    /** {@return the known word within a few typing errors of a word of two letters or more; the alphabetically first of
     *  several} */
    public static Optional<String> to(String word, Collection<String> known) {
        if (word.length() > MAX_CHARACTERS) {
            return Optional.empty();
        }
        int max = word.length() < 2 ? 0 : Math.max(1, Math.min(3, word.length() / 3));
        return known.stream()
                .filter(candidate -> Math.abs(candidate.length() - word.length()) <= max)
                .filter(candidate -> distance(word, candidate) <= max)
                .min(Comparator.<String>comparingInt(candidate -> distance(word, candidate))
                        .thenComparing(Comparator.naturalOrder()));
    }

    /** {@return the end of a message, {@code ; did you mean redis.port?}; empty if no known word is near}
     *
     *  @param shown the form of the known word in the message */
    public static String hint(String word, Collection<String> known, UnaryOperator<String> shown) {
        return to(word, known)
                .map(near -> "; did you mean " + shown.apply(near) + "?")
                .orElse("");
    }

    // Optimal string alignment: a swap of neighbours is one error. Case is ignored.
    private static int distance(String left, String right) {
        String a = left.toLowerCase(Locale.ROOT);
        String b = right.toLowerCase(Locale.ROOT);
        int[][] cost = new int[a.length() + 1][b.length() + 1];
        for (int i = 0; i <= a.length(); i++) {
            for (int j = 0; j <= b.length(); j++) {
                cost[i][j] = i == 0 || j == 0 ? i + j : step(cost, a, b, i, j);
            }
        }
        return cost[a.length()][b.length()];
    }

    private static int step(int[][] cost, String a, String b, int i, int j) {
        int same = a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1;
        int best = Math.min(cost[i - 1][j - 1] + same, Math.min(cost[i - 1][j], cost[i][j - 1]) + 1);
        boolean swapped = i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1);
        return swapped ? Math.min(best, cost[i - 2][j - 2] + 1) : best;
    }
}
