package io.visitorcounter.release.image;

import com.fasterxml.jackson.databind.JsonNode;
import io.visitorcounter.release.CanonicalJson;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;

/** What an image declares in its labels about the process that it starts. An image without such labels declares
 *  nothing; its user can say the same by options, and nothing is guessed.
 *
 *  @param configFolder where the files of its config lie, with a slash at both ends
 *  @param configVariable the variable that names its config file
 *  @param portVariable the variable that holds the port where it serves HTTP
 *  @param livePath what answers 200 while the process works
 *  @param readyPath what answers 200 while it can take requests
 *  @param drainKey the config key that says how long it serves on after it was told to end
 *  @param drain the same, said by the user
 *  @param invalidConfigExit its exit code for a config that it can't obey
 *  @param failedStartExit its exit code for a start that failed
 *  @param storageWhen for which config it keeps something in its volumes; empty: for any
 *  @param health the command that ends with 0 while the process beside it has started, for engines that judge a container
 *      by one; empty where the label holds none, or what is not a list of texts
 *  @param archivesClasses whether all its classes are in jars, so that a Java can keep an archive of them
 *  @param hasHealthCheck whether the image has a health check of its own, which such engines take by themselves */
public record ImageDeclaration(
        String configFolder,
        String configVariable,
        String portVariable,
        Optional<String> livePath,
        Optional<String> readyPath,
        Optional<String> drainKey,
        Optional<Duration> drain,
        Optional<Integer> invalidConfigExit,
        Optional<Integer> failedStartExit,
        Optional<String> storageWhen,
        List<String> health,
        boolean archivesClasses,
        boolean hasHealthCheck) {

    /** The variable that holds the port, of an image that names none. */
    public static final String HTTP_PORT = "HTTP_PORT";

    // With a file of the bundle, a tar's entry must hold it.
    private static final int MAX_FOLDER = 60;

    private static final int MAX_EXIT_CODE = 255;

    /** What the names of these labels begin with. */
    static final String PREFIX = "io.visitorcounter.";

    /** What a user says of an image; an empty part leaves it to the image, and the path {@code none} is no probe. */
    public record Overrides(
            Optional<String> portVariable,
            Optional<String> livePath,
            Optional<String> readyPath,
            Optional<Duration> drain) {

        /** Nothing. */
        public static final Overrides NONE =
                new Overrides(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());
    }

    /** {@return what the image declares} */
    public static ImageDeclaration of(Image image) {
        return of(image.labels(), image.hasHealthCheck());
    }

    /** {@return what labels declare} */
    static ImageDeclaration of(Map<String, String> labels, boolean hasHealthCheck) {
        return new ImageDeclaration(
                label(labels, "config.folder")
                        .filter(ImageDeclaration::isFolder)
                        .orElse("/release/"),
                variable(labels, "config.variable").orElse("CONFIG_FILE"),
                variable(labels, "port.variable").orElse(HTTP_PORT),
                path(labels, "probe.live"),
                path(labels, "probe.ready"),
                label(labels, "drain.key"),
                Optional.empty(),
                exitCode(labels, "exit.config-invalid"),
                exitCode(labels, "exit.start-failed"),
                label(labels, "storage.when"),
                label(labels, "health").map(ImageDeclaration::command).orElse(List.of()),
                label(labels, "class-archive").filter("true"::equals).isPresent(),
                hasHealthCheck);
    }

    /** {@return the same, with what a user says in the place of what the image declares} */
    public ImageDeclaration with(Overrides said) {
        return new ImageDeclaration(
                configFolder,
                configVariable,
                said.portVariable().orElse(portVariable),
                said.livePath().or(() -> livePath).filter(path -> !path.equals("none")),
                said.readyPath().or(() -> readyPath).filter(path -> !path.equals("none")),
                drainKey,
                said.drain().or(() -> drain),
                invalidConfigExit,
                failedStartExit,
                storageWhen,
                health,
                archivesClasses,
                hasHealthCheck);
    }

    /** {@return whether a process with this config keeps something in the image's volumes}
     *
     *  @param settings the config's values by key, as its file writes them */
    public boolean keepsData(SortedMap<String, String> settings) {
        return storageWhen
                .map(alternatives -> Arrays.stream(alternatives.split("\\|", -1))
                        .anyMatch(all -> Arrays.stream(all.split("&", -1)).allMatch(one -> holds(one, settings))))
                .orElse(true);
    }

    private static boolean holds(String condition, SortedMap<String, String> settings) {
        int equals = condition.indexOf('=');
        if (equals < 0) {
            return true;
        }
        String value = settings.getOrDefault(condition.substring(0, equals).strip(), "");
        // Strings are written in quotes.
        return value.replaceAll("^\"|\"$", "")
                .equals(condition.substring(equals + 1).strip());
    }

    private static Optional<String> label(Map<String, String> labels, String name) {
        return Optional.ofNullable(labels.get(PREFIX + name)).filter(value -> !value.isEmpty());
    }

    private static Optional<String> variable(Map<String, String> labels, String name) {
        return label(labels, name).filter(ImageDeclaration::isVariable);
    }

    private static Optional<String> path(Map<String, String> labels, String name) {
        return label(labels, name).filter(ImageDeclaration::isPath);
    }

    private static Optional<Integer> exitCode(Map<String, String> labels, String name) {
        return label(labels, name).filter(ImageDeclaration::isExitCode).map(Integer::valueOf);
    }

    static boolean isFolder(String text) {
        return text.matches("/[A-Za-z0-9._-]+(/[A-Za-z0-9._-]+)*/")
                && !text.contains("..")
                && text.length() <= MAX_FOLDER;
    }

    /** {@return whether this can be a variable's name} */
    public static boolean isVariable(String text) {
        return text.matches("[A-Za-z_][A-Za-z0-9_]*");
    }

    /** {@return whether this can be the path of a probe} */
    public static boolean isPath(String text) {
        return text.matches("/[!-~]*");
    }

    /** {@return the words of a command, written as a JSON array; none if it is not such an array} */
    static List<String> command(String json) {
        List<String> words = new ArrayList<>();
        try {
            for (JsonNode word : CanonicalJson.read(json.getBytes(StandardCharsets.UTF_8))) {
                if (!word.isTextual() || word.asText().isEmpty()) {
                    return List.of();
                }
                words.add(word.asText());
            }
        } catch (IOException notJson) {
            return List.of();
        }
        return List.copyOf(words);
    }

    static boolean isExitCode(String text) {
        return text.matches("[1-9][0-9]{0,2}") && Integer.parseInt(text) <= MAX_EXIT_CODE;
    }
}
