import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilder;
import javax.xml.parsers.DocumentBuilderFactory;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

/** Prints which tests of this build were skipped, and for want of what: a skipped test looks like a passed one otherwise.
 *  Arguments: when the build began (ISO 8601, UTC), and the modules' target folders, separated by colons. Older reports are
 *  not of this build. */
final class SkippedTests {

    private final DocumentBuilder parser;
    /** Reason to "class: tests". */
    private final Map<String, Map<String, Integer>> skipped = new TreeMap<>();

    private SkippedTests(DocumentBuilder parser) {
        this.parser = parser;
    }

    public static void main(String[] args) throws Exception {
        Instant begin = Instant.parse(args[0]);
        SkippedTests tests = new SkippedTests(DocumentBuilderFactory.newInstance().newDocumentBuilder());
        for (String target : args[1].split(":")) {
            for (String reports : new String[] {"surefire-reports", "failsafe-reports"}) {
                tests.read(Path.of(target, reports), begin);
            }
        }
        tests.print();
    }

    private void read(Path reports, Instant begin) throws Exception {
        if (!Files.isDirectory(reports)) {
            return;
        }
        try (Stream<Path> files = Files.list(reports)) {
            for (Path file : (Iterable<Path>) files.filter(file -> file.getFileName().toString().startsWith("TEST-"))
                    ::iterator) {
                if (!Files.getLastModifiedTime(file).toInstant().isBefore(begin)) {
                    read(file);
                }
            }
        }
    }

    private void read(Path report) throws Exception {
        NodeList found = parser.parse(report.toFile()).getElementsByTagName("skipped");
        for (int i = 0; i < found.getLength(); i++) {
            Element skip = (Element) found.item(i);
            String name = ((Element) skip.getParentNode()).getAttribute("classname");
            String reason = reason(skip);
            skipped.computeIfAbsent(reason.isBlank() ? "no reason given" : reason, none -> new TreeMap<>())
                    .merge(name.substring(name.lastIndexOf('.') + 1), 1, Integer::sum);
        }
    }

    /** What the test said: as an attribute, or as the first line of an exception's trace. */
    private static String reason(Element skip) {
        String told = skip.getAttribute("message");
        String first = told.isBlank() ? skip.getTextContent().strip().lines().findFirst().orElse("") : told;
        return first.replaceFirst("^[\\w.]+Exception: ", "").replaceFirst("^Assumption failed: ", "").strip();
    }

    private void print() throws IOException {
        skipped.forEach((reason, classes) -> {
            int all = classes.values().stream().mapToInt(Integer::intValue).sum();
            System.out.printf(
                    "skipped: %d %s of %s: %s%n",
                    all, all == 1 ? "test" : "tests", String.join(", ", classes.keySet()), reason);
        });
    }
}
