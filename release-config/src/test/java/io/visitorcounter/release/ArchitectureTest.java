package io.visitorcounter.release;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Holds this module to the drawing in ARCHITECTURE.md. */
class ArchitectureTest {

    private static final String ROOT = "io.visitorcounter.";
    private static final String MODULE = ROOT + "release";

    private final JavaClasses code = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages(MODULE);

    @Test
    void everyRoomUsesOnlyTheRoomsThatTheDrawingGivesIt() throws IOException {
        Map<String, List<String>> drawing = drawing();

        assertThat(drawing).containsKey(MODULE);
        drawing.forEach((room, allowed) -> classes()
                .that()
                .resideInAPackage(room)
                .should()
                .onlyDependOnClassesThat(DescribedPredicate.describe(
                        "are of " + allowed + " or of no room", (JavaClass used) -> isAllowed(used, room, allowed)))
                .check(code));
    }

    @Test
    void everyRoomOfTheDrawingIsThereAndEveryRoomThatIsThereIsDrawn() throws IOException {
        List<String> there =
                code.stream().map(JavaClass::getPackageName).distinct().sorted().toList();

        assertThat(drawing().keySet().stream().sorted().toList())
                .as("rooms that ARCHITECTURE.md draws of this module")
                .isEqualTo(there);
    }

    @Test
    void everyClassOfTheWalksIsThere() throws IOException {
        Matcher walks =
                Pattern.compile("## Two walks\\n(.*?)\n## ", Pattern.DOTALL).matcher(page());
        assertThat(walks.find()).as("two walks in ARCHITECTURE.md").isTrue();
        Set<String> classes = new TreeSet<>();
        for (String module : List.of("counter-core", "counter-web", "release-config")) {
            try (Stream<Path> sources = Files.walk(Path.of("..", module, "src", "main", "java"))) {
                sources.map(file -> String.valueOf(file.getFileName()).replace(".java", ""))
                        .forEach(classes::add);
            }
        }

        List<String> named = Pattern.compile("`([A-Z][A-Za-z]+)`")
                .matcher(walks.group(1))
                .results()
                .map(name -> name.group(1))
                .toList();

        assertThat(named).hasSizeGreaterThan(20).isSubsetOf(classes);
    }

    private static boolean isAllowed(JavaClass used, String room, List<String> allowed) {
        String name = used.getPackageName();
        return !name.startsWith(ROOT) || name.equals(room) || allowed.contains(name);
    }

    /** The rooms of this module, each with the rooms it may use; a short name is the drawing's word for its last part. */
    private static Map<String, List<String>> drawing() throws IOException {
        Matcher block = Pattern.compile("```rooms\\n(.*?)```", Pattern.DOTALL).matcher(page());
        assertThat(block.find()).as("a drawing in ARCHITECTURE.md").isTrue();
        Map<String, List<String>> rooms = new LinkedHashMap<>();
        for (String line :
                block.group(1).lines().filter(text -> text.startsWith(MODULE)).toList()) {
            String[] words = line.trim().split("\\s+", -1);
            List<String> allowed = new ArrayList<>();
            for (int i = 1; i < words.length; i++) {
                if (!words[i].equals("-")) {
                    allowed.add(words[i].equals("release") ? MODULE : MODULE + "." + words[i]);
                }
            }
            rooms.put(words[0], allowed);
        }
        return rooms;
    }

    private static String page() throws IOException {
        return Files.readString(Path.of("..", "ARCHITECTURE.md"));
    }
}
