package io.visitorcounter.core;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaCodeUnit;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Holds the code of this module to the drawing in ARCHITECTURE.md. */
final class ArchitectureTest {

    private static final String MODULE = "io.visitorcounter.core";
    private static final JavaClasses CLASSES = new ClassFileImporter().importPath(Path.of("target", "classes"));

    @Test
    void eachRoomKnowsOnlyTheRoomsOfItsArrows() throws IOException {
        Map<String, List<String>> drawing = drawing();

        drawing.forEach((room, knows) -> {
            List<String> allowed = new ArrayList<>(knows);
            allowed.add(room);
            classes()
                    .that()
                    .resideInAPackage(room)
                    .should()
                    .onlyDependOnClassesThat(anotherProjects().or(inOneOf(allowed)))
                    .check(CLASSES);
        });
    }

    @Test
    void theDrawingAndTheCodeHaveTheSameRooms() throws IOException {
        Set<String> inCode = new TreeSet<>();
        CLASSES.forEach(type -> inCode.add(type.getPackageName()));

        assertThat(drawing().keySet())
                .as("rooms that ARCHITECTURE.md draws of this module")
                .containsExactlyInAnyOrderElementsOf(inCode);
    }

    @Test
    void publicSignaturesHoldNoTypeOfALibrary() {
        List<JavaCodeUnit> open = CLASSES.stream()
                .filter(ArchitectureTest::isOpen)
                .flatMap(type -> type.getCodeUnits().stream())
                .filter(unit -> unit.getModifiers().contains(JavaModifier.PUBLIC)
                        || unit.getModifiers().contains(JavaModifier.PROTECTED))
                .toList();

        assertThat(open).hasSizeGreaterThan(50);
        assertThat(open)
                .noneMatch(
                        unit -> Stream.concat(unit.getRawParameterTypes().stream(), Stream.of(unit.getRawReturnType()))
                                .anyMatch(ArchitectureTest::isOfALibrary));
    }

    private static boolean isOpen(JavaClass type) {
        return type.getModifiers().contains(JavaModifier.PUBLIC)
                && type.getEnclosingClass().map(ArchitectureTest::isOpen).orElse(true);
    }

    private static boolean isOfALibrary(JavaClass type) {
        String from = type.getBaseComponentType().getPackageName();
        return Stream.of("io.lettuce", "io.netty", "reactor", "org.reactivestreams", "org.sqlite", "org.slf4j")
                .anyMatch(from::startsWith);
    }

    private static DescribedPredicate<JavaClass> anotherProjects() {
        return DescribedPredicate.describe(
                "of other projects", type -> !type.getPackageName().startsWith("io.visitorcounter"));
    }

    private static DescribedPredicate<JavaClass> inOneOf(List<String> rooms) {
        return DescribedPredicate.describe("in " + rooms, type -> rooms.contains(type.getPackageName()));
    }

    /** {@return room to the rooms that it may know, as the drawing has them for this module} */
    private static Map<String, List<String>> drawing() throws IOException {
        String text = Files.readString(Path.of("..", "ARCHITECTURE.md"));
        String block = text.substring(text.indexOf("```rooms\n") + "```rooms\n".length());
        Map<String, List<String>> drawing = new LinkedHashMap<>();
        for (String line : block.substring(0, block.indexOf("```")).lines().toList()) {
            String[] words = line.trim().split(" +");
            if (words[0].equals(MODULE) || words[0].startsWith(MODULE + ".")) {
                drawing.put(
                        words[0],
                        Stream.of(words)
                                .skip(1)
                                .filter(word -> !word.equals("-"))
                                .map(word -> word.equals("core") ? MODULE : MODULE + "." + word)
                                .toList());
            }
        }
        return drawing;
    }
}
