package io.visitorcounter.release.image;

import io.visitorcounter.release.ReleaseException;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;

/** Labels that a user declares for an app image that was built without them. They become labels of the release image,
 *  so that running, promoting and rolling back see them too. */
public final class DeclaredLabels {

    // Shared constants: the compiler would make a new object at each use.
    private static final Predicate<String> VARIABLE = ImageDeclaration::isVariable;
    private static final Predicate<String> PATH = ImageDeclaration::isPath;
    private static final Predicate<String> EXIT_CODE = ImageDeclaration::isExitCode;

    /** What an image may declare about its process, by the label's name without the prefix. */
    private static final Map<String, Predicate<String>> VALID = Collections.unmodifiableSortedMap(new TreeMap<>(Map.of(
            "config.folder", ImageDeclaration::isFolder,
            "config.variable", VARIABLE,
            "port.variable", VARIABLE,
            "probe.live", PATH,
            "probe.ready", PATH,
            "health", text -> !ImageDeclaration.command(text).isEmpty(),
            "drain.key", text -> text.matches("[^\\s\\p{Cntrl}]{1,200}"),
            "exit.config-invalid", EXIT_CODE,
            "exit.start-failed", EXIT_CODE,
            "storage.when", text -> text.matches("[^\\p{Cntrl}]{1,200}"))));

    private DeclaredLabels() {}

    /** {@return the labels, by their whole names}
     *
     *  @param given such as {@code probe.ready=/health}; an empty value means that the image declares none
     *  @throws ReleaseException.Usage if an image may not have one of them */
    public static SortedMap<String, String> parse(List<String> given) {
        SortedMap<String, String> labels = new TreeMap<>();
        for (String each : given) {
            int equals = each.indexOf('=');
            String name = each.substring(0, Math.max(0, equals)).strip();
            String value = each.substring(equals + 1);
            Predicate<String> valid = VALID.get(name);
            if (valid == null) {
                throw new ReleaseException.Usage("release create: --label: expected NAME=VALUE with one of "
                        + String.join(", ", VALID.keySet()) + ", got " + RegistryReason.cleaned(each));
            }
            if (!value.isEmpty() && !valid.test(value)) {
                throw new ReleaseException.Usage("release create: --label: " + name + ": expected " + form(name)
                        + ", got " + RegistryReason.cleaned(value));
            }
            labels.put(ImageDeclaration.PREFIX + name, value);
        }
        return labels;
    }

    private static String form(String name) {
        return switch (name) {
            case "config.folder" -> "a folder such as /etc/app/, with a slash at both ends";
            case "config.variable", "port.variable" -> "a variable's name";
            case "probe.live", "probe.ready" -> "a path such as /health";
            case "health" -> "a command as a JSON array of texts";
            case "exit.config-invalid", "exit.start-failed" -> "an exit code, 1..255";
            default -> "a text of one line";
        };
    }

    /** {@return the labels that were declared when a release was made} */
    public static SortedMap<String, String> of(Image release, Image app) {
        SortedMap<String, String> said = new TreeMap<>();
        for (String name : VALID.keySet()) {
            String label = ImageDeclaration.PREFIX + name;
            String value = release.labels().get(label);
            if (value != null && !Objects.equals(value, app.labels().get(label))) {
                said.put(label, value);
            }
        }
        return said;
    }
}
