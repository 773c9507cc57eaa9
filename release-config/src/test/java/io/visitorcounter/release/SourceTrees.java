package io.visitorcounter.release;

import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.util.JavacTask;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/** Java files as the compiler's parser sees them. */
final class SourceTrees {

    private SourceTrees() {}

    /** {@return every file of the three modules, without their tests} */
    static List<CompilationUnitTree> ofTheProject() throws IOException {
        List<CompilationUnitTree> all = new ArrayList<>();
        for (String module : List.of("counter-core", "counter-web", "release-config")) {
            all.addAll(under(Path.of("..", module, "src", "main", "java")));
        }
        return all;
    }

    static List<CompilationUnitTree> under(Path folder) throws IOException {
        List<Path> files;
        try (Stream<Path> all = Files.walk(folder)) {
            files = all.filter(file -> file.toString().endsWith(".java")).toList();
        }
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        List<CompilationUnitTree> units = new ArrayList<>();
        try (StandardJavaFileManager manager = compiler.getStandardFileManager(null, null, null)) {
            JavacTask parser = (JavacTask) compiler.getTask(
                    null, manager, null, List.of("-proc:none"), null, manager.getJavaFileObjectsFromPaths(files));
            parser.parse().forEach(units::add);
        }
        return units;
    }
}
