package io.visitorcounter.core;

import java.net.URI;
import java.util.Locale;
import java.util.ServiceLoader;
import java.util.Set;

/** Opens the stores of some URI schemes; found by {@link ServiceLoader}. */
public interface CounterStoreProvider {

    /** {@return the schemes it opens, lower case, without the colon} */
    Set<String> schemes();

    /** Opens a store, as {@link CounterStore#open} says.
     *
     *  @param uri has one of {@link #schemes()}
     *  @param options limits, durability, credentials
     *  @return the open store */
    CounterStore open(URI uri, CounterOptions options);

    /** {@return the provider for the URI's scheme, looked up first with this library's class loader, then with the
     *  thread's context class loader}
     *
     *  @param uri a store's URI
     *  @throws IllegalArgumentException if there is none; the message lists the known schemes */
    static CounterStoreProvider forScheme(URI uri) {
        String scheme = String.valueOf(uri.getScheme()).toLowerCase(Locale.ROOT);
        Providers providers = Providers.load();
        return providers.forScheme(scheme).orElseThrow(() -> providers.none(scheme));
    }
}
