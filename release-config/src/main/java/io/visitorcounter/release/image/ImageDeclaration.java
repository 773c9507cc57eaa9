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

/** What an image declares in its labels about its process. An image without such labels declares nothing; the user can
 *  declare the same with options, and nothing is guessed.
 *
 *  @param configFolder where its config files are, with a slash at both ends
 *  @param configVariable the variable that names its config file
 *  @param portVariable the variable that holds its HTTP port
 *  @param livePath the path that answers 200 while the process works
 *  @param readyPath the path that answers 200 while it accepts requests
 *  @param drainKey the config key for how long it still serves after it was told to end
 *  @param drain the same, set by the user
 *  @param invalidConfigExit its exit code for an invalid config
 *  @param failedStartExit its exit code for a failed start
 *  @param storageWhen the config with which it stores data in its volumes; empty: any
 *  @param health the command that exits with 0 once the process in the same container has started, for engines that
 *      need one; empty if the label has none, or not a list of texts
 *  @param archivesClasses whether all its classes are in jars, so that Java can keep an archive of them
 *  @param hasHealthCheck whether the image has its own health check, which such engines use by themselves */
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

    /** The port's variable for an image that names none. */
    public static final String HTTP_PORT = "HTTP_PORT";

    // Together with a bundle's file name, it must fit into a tar's entry.
    private static final int MAX_FOLDER = 60;

    private static final int MAX_EXIT_CODE = 255;

    /** The prefix of these labels' names. */
    static final String PREFIX = "io.visitorcounter.";

    /** What a user declares about an image; an empty part leaves it to the image, and the path {@code none} means no
     *  probe. */
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

    /** {@return the same, with the user's declarations in place of the image's} */
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

    /** {@return whether a process with this config stores data in the image's volumes}
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

    /** {@return the words of a command written as a JSON array; none if it is not such an array} */
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
