package io.visitorcounter.web.config;

import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigResolver;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueFactory;
import org.jspecify.annotations.Nullable;

/** Resolves the variables that one secret of a file refers to. */
final class SecretResolver implements ConfigResolver {

    private final String key;
    private final Variables variables;
    private String unset = "";

    SecretResolver(String key, Variables variables) {
        this.key = key;
        this.variables = variables;
    }

    @Override
    public @Nullable ConfigValue lookup(String name) {
        try {
            String secret = variables.secret(name, key);
            if (secret == null) {
                unset = name;
                return null;
            }
            return ConfigValueFactory.fromAnyRef(secret, "variable " + name);
        } catch (InvalidConfigException e) {
            throw new ConfigException.Generic("unreadable", e);
        }
    }

    @Override
    public ConfigResolver withFallback(ConfigResolver fallback) {
        return this;
    }

    /** {@return what to do about a variable that is not set} */
    String unset() {
        return unset.isEmpty()
                ? "expected text or a reference to a variable"
                : unset + " is not set; set it, or set " + unset + "_FILE to a file that holds the secret";
    }
}
