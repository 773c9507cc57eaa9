package io.visitorcounter.web.config;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigOrigin;
import com.typesafe.config.ConfigParseOptions;
import com.typesafe.config.ConfigResolveOptions;
import com.typesafe.config.ConfigResolver;
import com.typesafe.config.ConfigSyntax;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueFactory;
import java.io.File;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Where the config comes from, and which variables have a say in it.
 *
 *  <p>A release's file is complete and was checked when it was made. So only what can't be in it is read at run: its
 *  secrets, and {@code HTTP_PORT}, which a platform assigns. Never {@code ConfigFactory.load()}: there, any system
 *  property changes a value. */
final class ConfigFiles {

    private final Map<String, String> environment;
    private final Contract contract;
    private final List<ConfigError> faults = new ArrayList<>();

    private ConfigFiles(Map<String, String> environment, Contract contract) {
        this.environment = environment;
        this.contract = contract;
    }

    /** {@return the resolved config, which the contract found right} */
    static Config read(Map<String, String> environment, Contract contract) throws InvalidConfigException {
        return new ConfigFiles(environment, contract).read();
    }

    private Config read() throws InvalidConfigException {
        try {
            String file = environment.getOrDefault("CONFIG_FILE", "");
            Config config = file.isEmpty() ? reference() : release(new File(file).getAbsoluteFile());
            List<String> unreadable = faults.stream().map(ConfigError::key).toList();
            contract.judge(config.root()).stream()
                    .filter(fault -> !unreadable.contains(fault.key()))
                    .forEach(faults::add);
            if (faults.isEmpty()) {
                return config;
            }
        } catch (ConfigException e) {
            faults.add(broken(e));
        }
        faults.sort(null);
        throw new InvalidConfigException(faults);
    }

    private Config reference() {
        ConfigParseOptions options = ConfigParseOptions.defaults().setAllowMissing(false);
        return ConfigFactory.parseResources(ConfigFiles.class.getClassLoader(), "reference.conf", options)
                .resolve(with(contract.variables()::contains));
    }

    private Config release(File file) {
        ConfigParseOptions options =
                ConfigParseOptions.defaults().setAllowMissing(false).setSyntax(ConfigSyntax.CONF);
        Config parsed = ConfigFactory.parseFile(file, options);
        Config config = parsed.resolve(ConfigResolveOptions.noSystem().setAllowUnresolved(true));
        for (String key : contract.keys().keySet()) {
            try {
                config.hasPath(key);
            } catch (ConfigException.NotResolved unresolved) {
                config = config.withoutPath(key);
                if (contract.isSecret(key)) {
                    config = withSecret(config, parsed, key);
                } else {
                    ConfigOrigin origin = unresolved.origin() == null ? parsed.origin() : unresolved.origin();
                    faults.add(ConfigError.at(
                            origin, key, "refers to a variable; a release reads only its secrets at run"));
                }
            }
        }
        ConfigValue port = variable("HTTP_PORT");
        return port == null ? config : config.withValue("http.port", port);
    }

    private Config withSecret(Config config, Config parsed, String key) {
        try {
            Config secret = parsed.withOnlyPath(key).resolve(with(name -> true));
            return secret.hasPath(key) ? config.withValue(key, secret.getValue(key)) : config;
        } catch (ConfigException e) {
            ConfigError fault = broken(e);
            faults.add(new ConfigError(fault.source(), fault.line(), key, fault.what()));
            return config;
        }
    }

    private ConfigResolveOptions with(Predicate<String> allowed) {
        return ConfigResolveOptions.noSystem().appendResolver(new ConfigResolver() {
            @Override
            public @Nullable ConfigValue lookup(String name) {
                return allowed.test(name) ? variable(name) : null;
            }

            @Override
            public ConfigResolver withFallback(ConfigResolver fallback) {
                return this;
            }
        });
    }

    /** {@return the variable's value, or null where it is not set or empty: compose files pass unset ones as empty} */
    private @Nullable ConfigValue variable(String name) {
        String value = environment.getOrDefault(name, "");
        return value.isEmpty() ? null : ConfigValueFactory.fromAnyRef(value, ConfigError.VARIABLE + name);
    }

    private static ConfigError broken(ConfigException e) {
        String message = String.valueOf(e.getMessage()).lines().findFirst().orElse("");
        if (e.origin() == null) {
            return new ConfigError("CONFIG_FILE", 0, "", message);
        }
        // the message begins with the origin, which the fault says in its own form
        String what = message.startsWith(e.origin().description() + ": ")
                ? message.substring(e.origin().description().length() + 2)
                : message;
        return ConfigError.at(e.origin(), "", what);
    }
}
