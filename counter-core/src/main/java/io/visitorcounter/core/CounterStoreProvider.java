package io.visitorcounter.core;

import java.net.URI;
import java.util.Locale;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.TreeSet;

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

    /** {@return the provider for the URI's scheme}
     *
     *  @param uri of a store
     *  @throws IllegalArgumentException if there is none; the message lists the schemes that there are */
    static CounterStoreProvider forScheme(URI uri) {
        Set<String> known = new TreeSet<>();
        String scheme = String.valueOf(uri.getScheme()).toLowerCase(Locale.ROOT);
        for (CounterStoreProvider provider :
                ServiceLoader.load(CounterStoreProvider.class, CounterStoreProvider.class.getClassLoader())) {
            if (provider.schemes().contains(scheme)) {
                return provider;
            }
            known.addAll(provider.schemes());
        }
        throw new IllegalArgumentException(
                "store: " + scheme + ": expected a URI with one of the schemes " + known + ", got none of them");
    }
}
