package io.visitorcounter.core;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** The store providers on the class path. */
final class Providers {

    private final List<CounterStoreProvider> found = new ArrayList<>();
    private final List<ServiceConfigurationError> broken = new ArrayList<>();

    private Providers() {}

    /** {@return the providers that this library's class loader finds, followed by those of the thread's context class
     *  loader, which sees more if several applications share the library} */
    static Providers load() {
        ClassLoader own = CounterStoreProvider.class.getClassLoader();
        ClassLoader context = Thread.currentThread().getContextClassLoader();
        Providers providers = new Providers();
        providers.add(own);
        if (context != null && context != own) {
            providers.add(context);
        }
        return providers;
    }

    private void add(@Nullable ClassLoader loader) {
        Iterator<CounterStoreProvider> providers =
                ServiceLoader.load(CounterStoreProvider.class, loader).iterator();
        while (true) {
            try {
                if (!providers.hasNext()) {
                    return;
                }
                found.add(providers.next());
            } catch (ServiceConfigurationError e) {
                // A provider that can't be loaded must not hide the others: the iterator continues after it, unless the
                // class path itself can't be read.
                broken.add(e);
                if (e.getCause() instanceof IOException) {
                    return;
                }
            }
        }
    }

    Optional<CounterStoreProvider> forScheme(String scheme) {
        return found.stream()
                .filter(provider -> provider.schemes().contains(scheme))
                .findFirst();
    }

    IllegalArgumentException none(String scheme) {
        Set<String> known = new TreeSet<>();
        found.forEach(provider -> known.addAll(provider.schemes()));
        StringBuilder message =
                new StringBuilder("store: " + scheme + ": expected a URI with one of the schemes " + known);
        broken.forEach(error -> message.append("; not loaded: ").append(error.getMessage()));
        IllegalArgumentException none = new IllegalArgumentException(message.toString());
        broken.forEach(none::addSuppressed);
        return none;
    }
}
