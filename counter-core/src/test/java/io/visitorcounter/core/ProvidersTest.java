package io.visitorcounter.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.MalformedURLException;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ProvidersTest {

    @TempDir
    private Path application;

    private final ClassLoader before = Thread.currentThread().getContextClassLoader();

    @AfterEach
    void putTheLoaderBack() {
        Thread.currentThread().setContextClassLoader(before);
    }

    /** A store that only one application has. */
    public static final class AcmeProvider implements CounterStoreProvider {

        @Override
        public Set<String> schemes() {
            return Set.of("acme");
        }

        @Override
        public CounterStore open(URI uri, CounterOptions options) {
            throw new StoreException("acme: opened", null);
        }
    }

    private void theApplicationHas(String... providers) throws IOException {
        Path services = application.resolve("META-INF/services");
        Files.createDirectories(services);
        Files.write(services.resolve(CounterStoreProvider.class.getName()), Set.of(providers));
        Thread.currentThread()
                .setContextClassLoader(new URLClassLoader(new URL[] {url()}, ProvidersTest.class.getClassLoader()));
    }

    private URL url() throws MalformedURLException {
        return application.toUri().toURL();
    }

    @Test
    void aStoreThatOnlyTheContextClassLoaderSeesIsFound() throws Exception {
        theApplicationHas(AcmeProvider.class.getName());

        assertThatThrownBy(() -> CounterStore.open(URI.create("acme:shop"), CounterOptions.defaults()))
                .isInstanceOf(StoreException.class)
                .hasMessage("acme: opened");
    }

    @Test
    void aProviderThatCannotBeLoadedHidesNoOther() throws Exception {
        theApplicationHas("example.Missing", AcmeProvider.class.getName());

        CounterStore.open(URI.create("memory:/"), CounterOptions.defaults()).close();
        assertThatThrownBy(() -> CounterStore.open(URI.create("acme:shop"), CounterOptions.defaults()))
                .hasMessage("acme: opened");
    }

    @Test
    void anUnknownSchemeIsAnsweredWithTheKnownOnesAndWhatWasNotLoaded() throws Exception {
        Set<String> known = new TreeSet<>();
        ServiceLoader.load(CounterStoreProvider.class).forEach(provider -> known.addAll(provider.schemes()));
        theApplicationHas("example.Missing");

        assertThatThrownBy(() -> CounterStore.open(URI.create("acme:shop"), CounterOptions.defaults()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("store: acme: expected a URI with one of the schemes " + known + "; not loaded: ")
                .hasMessageContaining("example.Missing")
                .satisfies(failure -> assertThat(failure.getSuppressed()).hasSize(1));
        assertThat(known).contains("memory", "redis", "redis-cluster", "redis-sentinel", "rediss", "sqlite");
    }
}
