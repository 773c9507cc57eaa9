package io.visitorcounter.release;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
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
        SortedMap<String, SortedSet<String>> types = types(SourceTrees.ofTheProject());

        assertThat(types).containsKeys("VisitorCounter", "App", "Ledger");
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
        return types(SourceTrees.under(sources));
    }

    private static SortedMap<String, SortedSet<String>> types(List<CompilationUnitTree> units) {
        SortedMap<String, SortedSet<String>> types = new TreeMap<>();
        units.forEach(unit -> unit.accept(new Declarations(types), unit.getPackageName() + "."));
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
