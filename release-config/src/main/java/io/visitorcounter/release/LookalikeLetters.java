package io.visitorcounter.release;

import java.lang.Character.UnicodeScript;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.IntPredicate;

/** Letters and digits that look like others: Cyrillic а like Latin a, or the digit ７ like 7. Messages name them, since
 *  looking at them does not help. Scripts are those of Unicode; its report 39 says which of them have letters that look
 *  like Latin ones. */
public final class LookalikeLetters {

    private static final Set<UnicodeScript> LIKE_LATIN = EnumSet.of(
            UnicodeScript.CYRILLIC,
            UnicodeScript.GREEK,
            UnicodeScript.ARMENIAN,
            UnicodeScript.CHEROKEE,
            UnicodeScript.COPTIC,
            UnicodeScript.LISU);

    private LookalikeLetters() {}

    /** {@return what could mislead a reader in a text of any language: a letter that only looks Latin in a word with
     *  Latin ones, or a letter or digit in an unusual form} */
    public static Optional<String> misleading(String text) {
        int start = 0;
        while (start < text.length()) {
            int end = endOfWord(text, start);
            String word = text.substring(start, end);
            boolean latin = word.codePoints().anyMatch(LookalikeLetters::isAscii);
            Optional<String> found =
                    first(word, c -> isOtherForm(c) || (latin && LIKE_LATIN.contains(UnicodeScript.of(c))));
            if (found.isPresent()) {
                return found;
            }
            start = Math.max(end, text.offsetByCodePoints(start, 1));
        }
        return Optional.empty();
    }

    /** {@return a note for a message about a text that should have been a known word or a number: it names the first
     *  character that is not ASCII, as in {@code " (а is U+0430, CYRILLIC SMALL LETTER A)"}. That can be a letter, a
     *  digit, a dash that a word processor made from two, or a blank that does not separate words. Empty if all are
     *  ASCII} */
    public static String note(String text) {
        return misleading(text)
                .or(() -> first(text, c -> c > 0x7f))
                .map(named -> " (" + named + ")")
                .orElse("");
    }

    /** {@return a sentence, followed by a note on what could mislead in it, unless it has that note already} */
    public static String told(String sentence) {
        return sentence.contains(" is U+")
                ? sentence
                : sentence
                        + misleading(sentence).map(named -> " (" + named + ")").orElse("");
    }

    private static Optional<String> first(String text, IntPredicate which) {
        return text.codePoints()
                .filter(which)
                .mapToObj(c -> PrintableText.oneLine(Character.toString(c)) + " is " + String.format("U+%04X", c) + ", "
                        + Character.getName(c))
                .findFirst();
    }

    private static int endOfWord(String text, int start) {
        int end = start;
        while (end < text.length() && Character.isLetterOrDigit(text.codePointAt(end))) {
            end += Character.charCount(text.codePointAt(end));
        }
        return end;
    }

    private static boolean isAscii(int c) {
        return c <= 'z' && Character.isLetter(c);
    }

    // Full-width letters and digits, and those of the mathematical alphabets.
    private static boolean isOtherForm(int c) {
        boolean wide = (c >= 0xff10 && c <= 0xff19) || (c >= 0xff21 && c <= 0xff3a) || (c >= 0xff41 && c <= 0xff5a);
        return wide || (c >= 0x1d400 && c <= 0x1d7ff && Character.isLetterOrDigit(c));
    }
}
