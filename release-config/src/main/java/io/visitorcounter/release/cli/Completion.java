package io.visitorcounter.release.cli;

import io.visitorcounter.release.Environment;
import io.visitorcounter.release.ReleaseException;
import io.visitorcounter.release.action.History;
import io.visitorcounter.release.action.Render;
import io.visitorcounter.release.config.Contract;
import io.visitorcounter.release.config.EnvironmentFiles;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/** What can come next on a command line that is being typed: words, or {@link #FILES} for a file name, which the shell
 *  completes better. */
record Completion(CommandSpec top, Session session) {

    /** Stands for the names of files and folders. */
    static final String FILES = ":files";

    private static final int MAX_VERSIONS = 30;
    private static final Set<String> OF_FILES = Set.of("FILE", "FOLDER", "IMAGE", "REPO", "PLACE");

    /** {@return the candidates for the last word, in display order}
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
                .filter(each -> each.startsWith(word) || each.endsWith(FILES))
                .toList();
    }

    private Stream<String> next(List<String> before, String word) {
        CommandSpec command = top;
        List<String> positional = new ArrayList<>();
        @Nullable OptionSpec open = null;
        for (String each : before) {
            if (open != null) {
                open = null;
            } else if (each.startsWith("-")) {
                OptionSpec option = command.optionsMap().get(each);
                open = option != null && option.arity().max() > 0 ? option : null;
            } else if (command != top) {
                positional.add(each);
            } else if (each.equals("help")) {
                return Commands.names().stream();
            } else {
                CommandLine sub = top.subcommands().get(each);
                if (sub == null) {
                    return Stream.empty();
                }
                command = sub.getCommandSpec();
            }
        }
        if (open != null) {
            return values(open, positional);
        }
        int equals = word.indexOf('=');
        if (word.startsWith("--") && equals > 0) {
            String name = word.substring(0, equals);
            return values(command.optionsMap().get(name), positional)
                    .map(value -> value.equals(FILES) ? FILES : name + "=" + value);
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
        if (OF_FILES.contains(spec.paramLabel())) {
            return Stream.of(FILES);
        }
        return switch (spec.paramLabel()) {
            case "KEY" -> before.isEmpty() ? Stream.empty() : keys(before.get(0));
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

    private Stream<String> keys(String environment) {
        return of(environment, named -> {
            var choice = new Render.ContractChoice(session.app(), Optional.empty(), false);
            return new Render(session.workspace(true), choice)
                    .contract(named).keys().stream().map(Contract.Key::path);
        });
    }

    private Stream<String> versions(String environment) {
        return of(
                environment,
                named -> new History(session.workspace(true))
                        .list(named, MAX_VERSIONS).stream()
                                .map(each -> "v" + each.release().id().version()));
    }

    private static Stream<String> of(String environment, Function<Environment, Stream<String>> candidates) {
        if (!Environment.isValid(environment)) {
            return Stream.empty();
        }
        try {
            return candidates.apply(new Environment(environment));
        } catch (ReleaseException nothingToOffer) {
            return Stream.empty();
        }
    }
}
