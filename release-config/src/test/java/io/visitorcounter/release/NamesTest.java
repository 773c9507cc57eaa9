package io.visitorcounter.release;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.TreeScanner;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One word for one thing: no two types of the project share a simple name, in whichever modules and rooms they are. */
class NamesTest {

    /** What every reader knows to be one of many: a program's entry, and a type's parts that are named with their type. */
    private static final Set<String> IDIOMS = Set.of("Main", "Builder", "Request", "Kind");

    @TempDir
    Path folder;

    @Test
    void noSimpleNameIsTwoTypes() throws IOException {
        SortedMap<String, SortedSet<String>> types = types(Path.of("..", "counter-core", "src", "main", "java"));
        assertThat(types).containsKey("VisitorCounter");
        types(Path.of("..", "counter-web", "src", "main", "java")).forEach((name, of) -> add(types, name, of));
        types(Path.of("src", "main", "java")).forEach((name, of) -> add(types, name, of));

        assertThat(shared(types)).as("names that more than one type has").isEmpty();
    }

    @Test
    void aNestedTypeCountsAndAnIdiomDoesNot() throws IOException {
        Files.writeString(folder.resolve("Lane.java"), "package a; class Lane { record Batch() {} enum Kind { A } }");
        Files.writeString(folder.resolve("Batch.java"), "package b; interface Batch { enum Kind { B } }");

        assertThat(shared(types(folder))).containsOnlyKeys("Batch");
        assertThat(types(folder).get("Batch")).containsExactly("a.Lane.Batch", "b.Batch");
    }

    private static SortedMap<String, SortedSet<String>> shared(SortedMap<String, SortedSet<String>> types) {
        types.keySet().removeAll(IDIOMS);
        types.values().removeIf(of -> of.size() == 1);
        return types;
    }

    private static void add(SortedMap<String, SortedSet<String>> types, String name, SortedSet<String> of) {
        types.computeIfAbsent(name, none -> new TreeSet<>()).addAll(of);
    }

    /** {@return the simple name of each type under the folder, with the qualified names of the types that have it} */
    private static SortedMap<String, SortedSet<String>> types(Path sources) throws IOException {
        List<Path> files;
        try (Stream<Path> all = Files.walk(sources)) {
            files = all.filter(file -> file.toString().endsWith(".java")).toList();
        }
        SortedMap<String, SortedSet<String>> types = new TreeMap<>();
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        try (StandardJavaFileManager manager = compiler.getStandardFileManager(null, null, null)) {
            JavacTask parser = (JavacTask) compiler.getTask(
                    null, manager, null, List.of("-proc:none"), null, manager.getJavaFileObjectsFromPaths(files));
            for (CompilationUnitTree unit : parser.parse()) {
                unit.accept(new Declarations(types), unit.getPackageName() + ".");
            }
        }
        return types;
    }

    /** Notes each declared type; its argument is the package or the type around it, with a dot. */
    private static final class Declarations extends TreeScanner<@Nullable Void, String> {

        private final SortedMap<String, SortedSet<String>> types;

        Declarations(SortedMap<String, SortedSet<String>> types) {
            this.types = types;
        }

        @Override
        public @Nullable Void visitClass(ClassTree type, String outer) {
            String name = type.getSimpleName().toString();
            if (name.isEmpty()) {
                return super.visitClass(type, outer);
            }
            add(types, name, new TreeSet<>(Set.of(outer + name)));
            return super.visitClass(type, outer + name + ".");
        }
    }
}
