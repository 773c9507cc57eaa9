package io.visitorcounter.release.hocon;

import io.visitorcounter.release.hocon.HoconLexer.Kind;
import io.visitorcounter.release.hocon.HoconLexer.Token;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/** What follows the word {@code include} on its line.
 *
 *  @param line 1-based line of the word, or of the error
 *  @param foreign whether its form is not hermetic: url, classpath, package
 *  @param target the file that it names; the whole text, if foreign
 *  @param error what is wrong; empty if nothing is */
record Include(int line, boolean foreign, String target, String error) {

    private static final Set<String> FORMS = Set.of("\"\"", "required(\"\")", "file(\"\")", "required(file(\"\"))");
    private static final Pattern FOREIGN = Pattern.compile("url\\(|classpath\\(|package\\(");
    private static final Pattern FILE_NAME = Pattern.compile("\"[^\"\\\\]*\"");
    private static final String EXPECTED =
            "include: expected a file name in double quotes, such as include \"base.conf\"";

    private static final String MORE = "include: expected a new line or a comma behind the file name";

    /** Reads it, up to the end of its line, or to a comma or bracket outside it. */
    static Include read(Token keyword, TokenReader tokens) {
        List<Token> operands = operands(tokens);
        StringBuilder form = new StringBuilder();
        String name = "";
        for (Token token : operands) {
            String written = tokens.written(token);
            if (token.is(Kind.BAD)) {
                return new Include(token.line(), false, "", token.error());
            }
            form.append(token.is(Kind.QUOTED) ? "\"\"" : written);
            name = token.is(Kind.QUOTED) && name.isEmpty() ? written : name;
        }
        if (FOREIGN.matcher(form).find() || name.contains("://")) {
            return new Include(keyword.line(), true, tokens.written(operands), "");
        } else if (FILE_NAME.matcher(name).matches() && FORMS.contains(form.toString())) {
            return new Include(keyword.line(), false, name.substring(1, name.length() - 1), "");
        }
        String more = form.toString();
        boolean named = FILE_NAME.matcher(name).matches()
                && FORMS.stream().anyMatch(known -> more.startsWith(known) && more.length() > known.length());
        return new Include(keyword.line(), false, "", named ? MORE : EXPECTED);
    }

    // A comma in brackets belongs to it.
    private static List<Token> operands(TokenReader tokens) {
        int start = tokens.position();
        int brackets = 0;
        while (!tokens.atEndOfValue() || (tokens.at(Kind.COMMA) && brackets > 0)) {
            String written = tokens.written(tokens.take());
            brackets += written.endsWith("(") ? 1 : written.startsWith(")") ? -1 : 0;
        }
        return tokens.since(start);
    }
}
