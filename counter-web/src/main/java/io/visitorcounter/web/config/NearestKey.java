package io.visitorcounter.web.config;

import java.util.Comparator;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;

/** Finds the known key that was most likely meant. */
final class NearestKey {

    private static final int MAX_EDITS = 2;

    private NearestKey() {}

    /** {@return the known key that differs by the fewest edits, at most 2; or one with the same last name in another
     *  group} */
    static Optional<String> to(String path, Set<String> known) {
        String last = path.substring(path.lastIndexOf('.') + 1);
        return known.stream()
                .filter(key -> edits(path, key) <= MAX_EDITS)
                .min(Comparator.comparingInt(key -> edits(path, key)))
                .or(() -> known.stream()
                        .filter(key -> key.substring(key.lastIndexOf('.') + 1).equals(last))
                        .findFirst());
    }

    private static int edits(String a, String b) {
        int[] row = IntStream.rangeClosed(0, b.length()).toArray();
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j < row.length; j++) {
                int substituted = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(substituted, 1 + Math.min(row[j], row[j - 1]));
            }
        }
        return row[b.length()];
    }
}
