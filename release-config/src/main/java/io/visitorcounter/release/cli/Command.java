package io.visitorcounter.release.cli;

import io.visitorcounter.release.Environment;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/** One command: its help text, its options and arguments, and what it does. Declared in code rather than with picocli's
 *  annotations, since reading those takes the JVM longer than most commands run. */
abstract class Command {

    private static final int HELP_WIDTH = 110;

    private final CommandSpec spec = CommandSpec.wrapWithoutInspection(this);

    /** Sets the help text.
     *
     *  @param description what it does, in one sentence
     *  @param footer the rest of the help, line by line, examples last; consecutive lines of prose form one
     *      paragraph */
    Command(String description, String... footer) {
        spec.versionProvider(() -> new String[] {version()});
        spec.usageMessage()
                .sortOptions(false)
                .width(HELP_WIDTH)
                .description(description)
                .footer(Stream.concat(Stream.of(""), paragraphs(footer).stream())
                        .toArray(String[]::new));
    }

    // picocli also breaks lines within a word that has a dot or a hyphen, and a path would read as another one.
    private static String wrapped(String paragraph) {
        StringBuilder text = new StringBuilder();
        int column = 0;
        for (String word : paragraph.split(" ", -1)) {
            boolean fits = column + 1 + word.length() < HELP_WIDTH;
            if (column > 0) {
                text.append(fits ? ' ' : '\n');
            }
            column = column > 0 && fits ? column + 1 + word.length() : word.length();
            text.append(word);
        }
        return text.toString();
    }

    /** {@return the lines, with each paragraph of prose joined and wrapped; indented lines stay as they are} */
    private static List<String> paragraphs(String... lines) {
        List<String> joined = new ArrayList<>();
        String last = "";
        for (String line : lines) {
            boolean goesOn = isProse(last) && isProse(line);
            if (goesOn) {
                joined.set(joined.size() - 1, joined.get(joined.size() - 1) + " " + line);
            } else {
                joined.add(line);
            }
            last = line;
        }
        joined.replaceAll(line -> isProse(line) ? wrapped(line) : line);
        return joined;
    }

    private static boolean isProse(String line) {
        return !line.isEmpty() && !line.startsWith(" ");
    }

    /** Runs the command.
     *
     *  @return what is left to print when all is done */
    abstract Output run(Session session);

    /** {@return its help text, options and arguments, for picocli} */
    final CommandSpec spec() {
        if (!spec.optionsMap().containsKey("--help")) {
            add(OptionSpec.builder("-h", "--help").usageHelp(true).description("Show this help message and exit."));
            add(OptionSpec.builder("-V", "--version")
                    .versionHelp(true)
                    .description("Print version information and exit."));
        }
        return spec;
    }

    /** The argument that names the environment. */
    final Input<Environment> environment() {
        return argument("ENV", Environment::new, "The environment, such as prod");
    }

    final Input<Boolean> flag(String name, String description) {
        return add(OptionSpec.builder(name)
                .type(boolean.class)
                .defaultValue("false")
                .description(description));
    }

    final Input<String> option(String name, String label, String description) {
        return option(name, label, String.class, description);
    }

    final <T> Input<T> option(String name, String label, Class<T> type, String description) {
        return add(optionSpec(name, label, type, description));
    }

    final <T> Input<T> option(String name, String label, Function<String, T> reader, String description) {
        return add(OptionSpec.builder(name)
                .paramLabel(label)
                .arity("1")
                .converters(reading(reader))
                .description(description));
    }

    final <T> Input<T> option(String name, String label, Class<T> type, String otherwise, String description) {
        return add(optionSpec(name, label, type, description).defaultValue(otherwise));
    }

    final Input<List<String>> repeatedOption(String name, String label, String description) {
        return add(OptionSpec.builder(name)
                .paramLabel(label)
                .type(List.class)
                .auxiliaryTypes(String.class)
                .arity("1")
                .description(description));
    }

    final <T> Input<T> requiredOption(String name, String label, Class<T> type, String description) {
        return add(optionSpec(name, label, type, description).required(true));
    }

    final <T> OptionSpec.Builder optionSpec(String name, String label, Class<T> type, String description) {
        return OptionSpec.builder(name)
                .paramLabel(label)
                .type(type)
                .converters(reading(ValueReader.of(type)))
                .description(description);
    }

    final <T> Input<T> argument(String label, Class<T> type, String description) {
        return add(argument(label, description).type(type).converters(reading(ValueReader.of(type))));
    }

    final <T> Input<T> argument(String label, Function<String, T> reader, String description) {
        return add(argument(label, description).converters(reading(reader)));
    }

    final <T> Input<T> optionalArgument(String label, Function<String, T> reader, String description) {
        return add(argument(label, description).arity("0..1").required(false).converters(reading(reader)));
    }

    private PositionalParamSpec.Builder argument(String label, String description) {
        return PositionalParamSpec.builder()
                .index(Integer.toString(spec.positionalParameters().size()))
                .arity("1")
                .required(true)
                .paramLabel(label)
                .description(description);
    }

    private <T> Input<T> add(PositionalParamSpec.Builder argument) {
        return add(argument.build());
    }

    final <T> Input<T> add(OptionSpec.Builder option) {
        return add(option.build());
    }

    private <T> Input<T> add(ArgSpec input) {
        spec.add(input);
        return new Input<>(input);
    }

    /** Reads an argument; what is wrong with it is a usage error. */
    private static <T> CommandLine.ITypeConverter<T> reading(Function<String, T> parse) {
        return text -> {
            try {
                return parse.apply(text);
            } catch (IllegalArgumentException e) {
                throw new CommandLine.TypeConversionException(String.valueOf(e.getMessage()));
            }
        };
    }

    /** {@return the tool's version, from its jar} */
    static String version() {
        String version = Command.class.getPackage().getImplementationVersion();
        return "release " + (version == null ? "(not packaged)" : version);
    }
}
