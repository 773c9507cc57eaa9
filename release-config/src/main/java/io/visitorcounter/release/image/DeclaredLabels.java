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

    /** The valid values of a label.
     *
     *  @param expected in words */
    private record LabelForm(String expected, Predicate<String> fits) {}

    private static final LabelForm FOLDER =
            new LabelForm("a folder such as /etc/app/, with a slash at both ends", ImageDeclaration::isFolder);
    private static final LabelForm VARIABLE = new LabelForm("a variable's name", ImageDeclaration::isVariable);
    private static final LabelForm PATH = new LabelForm("a path such as /health", ImageDeclaration::isPath);
    private static final LabelForm COMMAND = new LabelForm(
            "a command as a JSON array of texts",
            text -> !ImageDeclaration.command(text).isEmpty());
    private static final LabelForm EXIT_CODE = new LabelForm("an exit code, 1..255", ImageDeclaration::isExitCode);
    private static final LabelForm WORD = line("[^\\s\\p{Cntrl}]{1,200}");
    private static final LabelForm LINE = line("[^\\p{Cntrl}]{1,200}");

    private static LabelForm line(String pattern) {
        return new LabelForm("a text of one line", text -> text.matches(pattern));
    }

    /** What an image may declare about its process, by the label's name without the prefix. */
    private static final Map<String, LabelForm> FORMS = Collections.unmodifiableSortedMap(new TreeMap<>(Map.of(
            "config.folder", FOLDER,
            "config.variable", VARIABLE,
            "port.variable", VARIABLE,
            "probe.live", PATH,
            "probe.ready", PATH,
            "health", COMMAND,
            "drain.key", WORD,
            "exit.config-invalid", EXIT_CODE,
            "exit.start-failed", EXIT_CODE,
            "storage.when", LINE)));

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
            LabelForm form = FORMS.get(name);
            if (form == null) {
                throw new ReleaseException.Usage("release create: --label: expected NAME=VALUE with one of "
                        + String.join(", ", FORMS.keySet()) + ", got " + RegistryReason.cleaned(each));
            }
            if (!value.isEmpty() && !form.fits().test(value)) {
                throw new ReleaseException.Usage("release create: --label: " + name + ": expected " + form.expected()
                        + ", got " + RegistryReason.cleaned(value));
            }
            labels.put(ImageDeclaration.PREFIX + name, value);
        }
        return labels;
    }

    /** {@return the labels that were declared when a release was made} */
    public static SortedMap<String, String> of(Image release, Image app) {
        SortedMap<String, String> said = new TreeMap<>();
        for (String name : FORMS.keySet()) {
            String label = ImageDeclaration.PREFIX + name;
            String value = release.labels().get(label);
            if (value != null && !Objects.equals(value, app.labels().get(label))) {
                said.put(label, value);
            }
        }
        return said;
    }
}
