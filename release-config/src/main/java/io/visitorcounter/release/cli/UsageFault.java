package io.visitorcounter.release.cli;

import io.visitorcounter.release.LookalikeLetters;
import io.visitorcounter.release.PrintableText;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.OptionSpec;

/** What is wrong with a command line, in the tool's own words: picocli's messages talk of parameters and indices. */
final class UsageFault {

    private UsageFault() {}

    static String of(CommandLine.ParameterException e, String... typed) {
        String command = e.getCommandLine().getCommandSpec().qualifiedName();
        String help =
                command.equals("release") ? "release help" : "release help " + command.substring("release ".length());
        return command + ": " + what(e, typed) + "; see " + help;
    }

    private static String what(CommandLine.ParameterException e, String... typed) {
        if (e instanceof CommandLine.UnmatchedArgumentException unmatched) {
            return unmatched(unmatched, typed);
        }
        if (e instanceof CommandLine.MissingParameterException missing
                && !missing.getMissing().isEmpty()) {
            return "expected "
                    + missing.getMissing().stream().map(UsageFault::name).collect(Collectors.joining(", "))
                    + ", got none";
        }
        ArgSpec spec = e.getArgSpec();
        if (e instanceof CommandLine.OverwrittenOptionException twice) {
            return first(twice.getOverwritten()) + ": given twice";
        }
        if (spec instanceof OptionSpec option && option.arity().max() == 0) {
            return first(spec) + ": takes no value";
        }
        if (e.getCause() instanceof CommandLine.TypeConversionException told) {
            String text = String.valueOf(told.getMessage());
            return spec instanceof OptionSpec ? first(spec) + ": " + text : text;
        }
        if (e instanceof CommandLine.MissingParameterException && spec instanceof OptionSpec) {
            return first(spec) + ": expected " + spec.paramLabel() + ", got none";
        }
        return String.valueOf(e.getMessage()).lines().findFirst().orElse("");
    }

    private static String unmatched(CommandLine.UnmatchedArgumentException e, String... typed) {
        String word = e.getUnmatched().get(0);
        List<String> before = Arrays.asList(typed);
        int end = before.indexOf("--");
        boolean afterEnd = end >= 0 && end < before.lastIndexOf(word);
        if (word.startsWith("-") && !afterEnd) {
            return "unknown option " + option(word) + meant(e, "--");
        }
        if (e.getCommandLine().getParent() == null) {
            return "no such command: " + PrintableText.quoted(word) + LookalikeLetters.note(word) + meant(e, "");
        }
        return "an argument too many: " + PrintableText.quoted(word) + LookalikeLetters.note(word);
    }

    private static String option(String word) {
        String name = word.replaceAll("=.*", "");
        return PrintableText.oneLine(name) + LookalikeLetters.note(name);
    }

    private static String meant(CommandLine.UnmatchedArgumentException e, String prefix) {
        return e.getSuggestions().stream()
                // Picocli always suggests something; a word that starts differently is rarely meant.
                .filter(each -> each.startsWith(prefix)
                        && each.regionMatches(prefix.length(), e.getUnmatched().get(0), prefix.length(), 1))
                .findFirst()
                .map(each -> "; did you mean " + each + "?")
                .orElse("");
    }

    private static String name(ArgSpec spec) {
        return spec instanceof OptionSpec option ? option.longestName() + " " + spec.paramLabel() : spec.paramLabel();
    }

    private static String first(ArgSpec spec) {
        return ((OptionSpec) spec).longestName();
    }
}
