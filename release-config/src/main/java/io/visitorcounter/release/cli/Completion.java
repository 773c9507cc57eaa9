package io.visitorcounter.release.cli;

import io.visitorcounter.release.Environment;
import io.visitorcounter.release.ReleaseException;
import io.visitorcounter.release.action.History;
import io.visitorcounter.release.action.SourcedRelease;
import io.visitorcounter.release.config.EnvironmentFiles;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/** What can come next on a command line that is being typed. Empty where it is a file, which a shell knows better. */
final class Completion {

    private static final int MAX_VERSIONS = 30;

    private final CommandSpec top;
    private final Session session;

    Completion(CommandSpec top, Session session) {
        this.top = top;
        this.session = session;
    }

    /** {@return the candidates for the last word, sorted as they should be shown}
     *
     *  @param line what is typed so far, the program's own name first; words are separated by blanks */
    List<String> candidates(String line) {
        List<String> words = new ArrayList<>(Arrays.asList(line.stripLeading().split("\\s+", -1)));
        if (words.size() < 2) {
            return List.of();
        }
        String word = words.remove(words.size() - 1);
        words.remove(0);
        return next(words, word)
                .filter(each -> each.startsWith(word) && !each.equals(word))
                .toList();
    }

    private Stream<String> next(List<String> before, String word) {
        CommandSpec command = top;
        int begin = 0;
        if (!before.isEmpty()) {
            CommandLine sub = top.subcommands().get(before.get(0));
            if (sub != null) {
                command = sub.getCommandSpec();
                begin = 1;
            } else if (before.get(0).equals("help")) {
                return Commands.names().stream();
            }
        }
        int equals = word.indexOf('=');
        if (word.startsWith("--") && equals > 0) {
            String name = word.substring(0, equals);
            return values(command.optionsMap().get(name), before).map(value -> name + "=" + value);
        }
        List<String> positional = new ArrayList<>();
        @Nullable OptionSpec open = null;
        for (String each : before.subList(begin, before.size())) {
            if (open != null) {
                open = null;
            } else if (each.startsWith("-")) {
                OptionSpec option = command.optionsMap().get(each);
                open = option != null && option.arity().max() > 0 ? option : null;
            } else {
                positional.add(each);
            }
        }
        if (open != null) {
            return values(open, positional);
        }
        if (word.startsWith("-")) {
            return command.optionsMap().keySet().stream().filter(name -> name.startsWith("--"));
        }
        return command == top
                ? Stream.concat(Commands.names().stream(), Stream.of("help", "version"))
                : positional(command, positional, word);
    }

    private Stream<String> positional(CommandSpec command, List<String> before, String word) {
        List<PositionalParamSpec> parameters = command.positionalParameters();
        if (before.size() >= parameters.size()) {
            return Stream.empty();
        }
        String label = parameters.get(before.size()).paramLabel();
        int at = word.indexOf('@');
        if (label.contains("@") && at > 0) {
            String environment = word.substring(0, at);
            return versions(environment).map(version -> environment + "@" + version);
        }
        return values(parameters.get(before.size()), before);
    }

    private Stream<String> values(@Nullable ArgSpec spec, List<String> before) {
        if (spec == null) {
            return Stream.empty();
        }
        if (spec.type().isEnum()) {
            return Arrays.stream(spec.type().getEnumConstants()).map(ValueReader::word);
        }
        return switch (spec.paramLabel()) {
            case "ENV", "TO", "ENV[@vN]", "ENV[@vA]", "[FROM[@vN]]" -> environments();
            case "vN", "vA", "vB" ->
                before.isEmpty() || before.get(0).contains("@") ? Stream.empty() : versions(before.get(0));
            case "ENGINE" -> Stream.of("jvm", "docker", "podman");
            default -> Stream.empty();
        };
    }

    private Stream<String> environments() {
        try {
            return new EnvironmentFiles(session.environments())
                    .environments().stream().map(Environment::name);
        } catch (UncheckedIOException nothingToOffer) {
            return Stream.empty();
        }
    }

    private Stream<String> versions(String environment) {
        if (!Environment.isValid(environment)) {
            return Stream.empty();
        }
        try {
            List<SourcedRelease> releases =
                    new History(session.workspace(true)).list(new Environment(environment), MAX_VERSIONS);
            return releases.stream().map(each -> "v" + each.release().id().version());
        } catch (ReleaseException nothingToOffer) {
            return Stream.empty();
        }
    }
}
