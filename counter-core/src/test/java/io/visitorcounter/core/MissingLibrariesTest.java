package io.visitorcounter.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.io.File;
import java.lang.reflect.InvocationTargetException;
import java.net.MalformedURLException;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Objects;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The library without one of those that it can do without. */
class MissingLibrariesTest {

    @TempDir
    Path folder;

    /** What opening a store throws in a class loader that lacks some jars. */
    private static Throwable opened(String uri, String... missing) throws Exception {
        Predicate<String> there = entry -> Arrays.stream(missing)
                .noneMatch(name -> Path.of(entry).getFileName().toString().startsWith(name));
        URL[] jars = Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                .filter(entry -> !entry.isEmpty())
                .filter(there)
                .map(entry -> url(Path.of(entry)))
                .toArray(URL[]::new);
        try (URLClassLoader loader = new URLClassLoader(jars, ClassLoader.getPlatformClassLoader())) {
            Class<?> options = loader.loadClass("io.visitorcounter.core.CounterOptions");
            Object defaults = options.getMethod("defaults").invoke(null);
            Throwable thrown = catchThrowable(() -> loader.loadClass("io.visitorcounter.core.CounterStore")
                    .getMethod("open", URI.class, options)
                    .invoke(null, URI.create(uri), defaults));
            assertThat(thrown).isInstanceOf(InvocationTargetException.class);
            return Objects.requireNonNull(thrown.getCause());
        }
    }

    private static URL url(Path path) {
        try {
            return path.toUri().toURL();
        } catch (MalformedURLException e) {
            throw new IllegalArgumentException(e);
        }
    }

    private static void assertSays(Throwable failure, String... parts) {
        assertThat(failure.getClass().getName()).isEqualTo("io.visitorcounter.core.StoreException");
        assertThat(failure).hasMessageContainingAll(parts);
    }

    @Test
    void redisWithoutLettuceNamesTheDependency() throws Exception {
        assertSays(
                opened("redis://127.0.0.1:1", "lettuce-core", "netty", "reactor"),
                "redis: ",
                "add io.lettuce:lettuce-core:");
    }

    @Test
    void redisWithoutReactorSaysWhatWasFound() throws Exception {
        assertSays(opened("redis://127.0.0.1:1", "reactor-core"), "redis: Lettuce 7.", "reactor", "docs/library.md");
    }

    @Test
    void sqliteWithoutItsDriverNamesTheDependency() throws Exception {
        assertSays(
                opened("sqlite:" + folder.resolve("visitors.db"), "sqlite-jdbc"),
                "visitors.db: ",
                "add org.xerial:sqlite-jdbc:");
    }
}
