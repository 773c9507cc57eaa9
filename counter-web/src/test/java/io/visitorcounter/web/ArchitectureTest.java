package io.visitorcounter.web;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.syntax.ArchRuleDefinition;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Holds the code to the drawing in ARCHITECTURE.md. */
class ArchitectureTest {

    private static final String MODULE = "io.visitorcounter.web";

    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages(MODULE);

    private final Map<String, List<String>> rooms = rooms();

    @Test
    void theDrawingNamesEveryRoomAndNoOther() {
        Set<String> built = CLASSES.stream()
                .filter(type -> !type.getSimpleName().equals("package-info"))
                .map(JavaClass::getPackageName)
                .collect(Collectors.toCollection(TreeSet::new));

        assertThat(new TreeSet<>(rooms.keySet()))
                .as("rooms that ARCHITECTURE.md draws of this module")
                .isEqualTo(built);
    }

    @Test
    void aRoomUsesOnlyTheRoomsThatItsArrowsName() {
        rooms.forEach((room, arrows) -> {
            Set<String> allowed =
                    Stream.concat(Stream.of(room), arrows.stream()).collect(Collectors.toSet());

            ArchRuleDefinition.noClasses()
                    .that()
                    .resideInAPackage(room)
                    .should()
                    .dependOnClassesThat(outside(allowed))
                    .check(CLASSES);
        });
    }

    @Test
    void noRoomUsesTheWorkingsOfCounterCoreOrOfAStore() {
        ArchRuleDefinition.noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "io.visitorcounter.core.combine..",
                        "io.visitorcounter.core.redis..",
                        "io.visitorcounter.core.sqlite..",
                        "io.visitorcounter.core.memory..",
                        "io.lettuce..",
                        "io.netty..",
                        "reactor..",
                        "org.sqlite..")
                .check(CLASSES);
    }

    @Test
    void onlyTwoRoomsUseTheInnerTypesOfTheServer() {
        ArchRuleDefinition.noClasses()
                .that()
                .resideOutsideOfPackages(MODULE + ".fast", MODULE + ".connection")
                // it makes the listener, which Undertow's builder has no word for
                .and()
                .doNotHaveFullyQualifiedName(MODULE + ".Server")
                // it reads on, to learn that its client is gone
                .and()
                .doNotHaveFullyQualifiedName(MODULE + ".live.EventStream")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "io.undertow.conduits..",
                        "io.undertow.protocols..",
                        "io.undertow.server.protocol..",
                        "org.xnio.conduits..")
                .orShould()
                .dependOnClassesThat()
                .haveFullyQualifiedName("io.undertow.server.Connectors")
                .check(CLASSES);
    }

    private static DescribedPredicate<JavaClass> outside(Set<String> allowed) {
        return DescribedPredicate.describe(
                "are this project's and not in " + new TreeSet<>(allowed),
                type -> type.getPackageName().startsWith("io.visitorcounter.")
                        && !allowed.contains(type.getPackageName()));
    }

    private static Map<String, List<String>> rooms() {
        Map<String, List<String>> rooms = new LinkedHashMap<>();
        for (String line : drawing()) {
            String[] words = line.strip().split("\\s+");
            if (words[0].equals(MODULE) || words[0].startsWith(MODULE + ".")) {
                rooms.put(
                        words[0],
                        Arrays.stream(words)
                                .skip(1)
                                .filter(word -> !word.equals("-"))
                                .map(word -> word.matches("core(\\..*)?")
                                        ? "io.visitorcounter." + word
                                        : MODULE + "." + word)
                                .toList());
            }
        }
        return rooms;
    }

    private static List<String> drawing() {
        try {
            String page = Files.readString(Path.of("..", "ARCHITECTURE.md"));
            int begin = page.indexOf("```rooms") + "```rooms".length();
            return page.substring(begin, page.indexOf("```", begin)).lines().toList();
        } catch (IOException e) {
            throw new IllegalStateException("ARCHITECTURE.md is not beside the module", e);
        }
    }
}
