package io.visitorcounter.web.config;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigOrigin;
import com.typesafe.config.ConfigParseOptions;
import com.typesafe.config.ConfigRenderOptions;
import com.typesafe.config.ConfigResolveOptions;
import com.typesafe.config.ConfigSyntax;
import com.typesafe.config.ConfigValue;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The file that {@code CONFIG_FILE} names: a release's, or one written by hand. Only its secrets may refer to
 *  variables. It is never read with {@code ConfigFactory.load()}, which lets any system property change a value. */
final class ConfigFile {

    private static final String REFERENCE = "refers to a variable; only secrets are read from variables at run";
    private static final Pattern WHOLE_NUMBER = Pattern.compile("-?[0-9]{1,18}");

    private static final int MAX_BYTES = 1 << 20;

    private final Config parsed;
    private final ConfigObject resolved;

    /** Reads the file.
     *
     *  @param path relative to the working directory
     *  @throws InvalidConfigException if it does not exist or is not HOCON */
    ConfigFile(String path) throws InvalidConfigException {
        ConfigParseOptions options =
                ConfigParseOptions.defaults().setAllowMissing(false).setSyntax(ConfigSyntax.CONF);
        try {
            this.parsed = parse(Path.of(path).toAbsolutePath(), options);
            this.resolved = parsed.resolve(ConfigResolveOptions.noSystem().setAllowUnresolved(true))
                    .root();
        } catch (ConfigException e) {
            throw broken(e, "");
        }
    }

    private static Config parse(Path file, ConfigParseOptions options) throws InvalidConfigException {
        try {
            if (Files.isRegularFile(file) && Files.size(file) > MAX_BYTES) {
                throw tooLong(file);
            }
            if (Files.isRegularFile(file) || Files.isDirectory(file) || !Files.exists(file)) {
                return ConfigFactory.parseFile(file.toFile(), options);
            }
            // A pipe has no size, and a device may have no end.
            try (InputStream in = Files.newInputStream(file)) {
                byte[] bytes = in.readNBytes(MAX_BYTES + 1);
                if (bytes.length > MAX_BYTES) {
                    throw tooLong(file);
                }
                return ConfigFactory.parseString(
                        new String(bytes, StandardCharsets.UTF_8), options.setOriginDescription(file.toString()));
            }
        } catch (IOException e) {
            throw of(file, "can't be read: " + e.getMessage());
        }
    }

    private static InvalidConfigException tooLong(Path file) {
        return of(file, "expected at most " + MAX_BYTES + " bytes, got more");
    }

    private static InvalidConfigException of(Path file, String what) {
        return new InvalidConfigException(List.of(new ConfigError(file.toString(), 0, "", what)));
    }

    /** {@return the key's value in the file; null if the key is optional and missing}
     *
     *  @throws InvalidConfigException if a required key is missing, or a secret's variable can't be read */
    @Nullable WrittenValue value(ConfigKey<?> key, Variables variables) throws InvalidConfigException {
        try {
            ConfigValue value = find(key.path());
            if (value == null && !key.optional()) {
                throw wrong(parsed.origin(), key.path(), "missing; a file has to give every key");
            }
            return value == null ? null : written(value);
        } catch (ConfigException.NotResolved reference) {
            if (!key.secret()) {
                throw wrong(reference.origin() == null ? parsed.origin() : reference.origin(), key.path(), REFERENCE);
            }
            return secret(key, variables);
        }
    }

    private @Nullable ConfigValue find(String path) {
        @Nullable ConfigValue found = resolved;
        for (String name : path.split("\\.", -1)) {
            if (!(found instanceof ConfigObject object)) {
                return null;
            }
            found = object.get(name);
        }
        return found;
    }

    private @Nullable WrittenValue secret(ConfigKey<?> key, Variables variables) throws InvalidConfigException {
        SecretResolver resolver = new SecretResolver(key.path(), variables);
        try {
            Config secret = parsed.withOnlyPath(key.path())
                    .resolve(ConfigResolveOptions.noSystem().appendResolver(resolver));
            if (secret.hasPath(key.path())) {
                return written(secret.getValue(key.path()));
            }
            throw wrong(parsed.origin(), key.path(), resolver.unset());
        } catch (ConfigException e) {
            if (e.getCause() instanceof InvalidConfigException unreadable) {
                throw unreadable;
            }
            throw wrong(e.origin() == null ? parsed.origin() : e.origin(), key.path(), resolver.unset());
        }
    }

    private static WrittenValue written(ConfigValue value) {
        String shown = value.render(ConfigRenderOptions.concise());
        Object plain = value.unwrapped();
        // 1e3 and 5.0 are not whole numbers, though the library returns them as Long. As a string, the library returns
        // what was written.
        boolean fraction = plain instanceof Number
                && !WHOLE_NUMBER.matcher(value.atKey("it").getString("it")).matches();
        return new WrittenValue(
                fraction ? Double.valueOf(((Number) plain).doubleValue()) : plain,
                shown,
                false,
                source(value.origin()),
                line(value.origin()));
    }

    /** {@return an error for each unknown key, and for each value in the place of a group of keys} */
    List<ConfigError> unknownKeys(Set<String> known) {
        List<ConfigError> errors = new ArrayList<>();
        findUnknownKeys("", resolved, known, errors);
        return errors;
    }

    private void findUnknownKeys(String prefix, ConfigObject object, Set<String> known, List<ConfigError> errors) {
        object.forEach((name, value) -> {
            String path = prefix + name;
            boolean group = known.stream().anyMatch(key -> key.startsWith(path + "."));
            try {
                if (group && value instanceof ConfigObject inner) {
                    findUnknownKeys(path + ".", inner, known, errors);
                } else if (group) {
                    errors.add(error(
                            value.origin(),
                            path,
                            "expected an object, got " + written(value).shown()));
                } else if (!known.contains(path)) {
                    errors.add(error(value.origin(), path, "unknown key; " + advice(path, known)));
                }
            } catch (ConfigException.NotResolved reference) {
                errors.add(error(value.origin(), path, REFERENCE));
            }
        });
    }

    private static String advice(String path, Set<String> known) {
        return NearestKey.to(path, known)
                .map(near -> "did you mean " + near + "?")
                .orElse("remove it");
    }

    private static InvalidConfigException broken(ConfigException e, String key) {
        String message = String.valueOf(e.getMessage()).lines().findFirst().orElse("");
        ConfigOrigin origin = e.origin();
        if (origin == null) {
            return new InvalidConfigException(List.of(new ConfigError("CONFIG_FILE", 0, key, message)));
        }
        // The message begins with the origin, which the error shows in its own form.
        String prefix = origin.description() + ": ";
        return wrong(origin, key, message.startsWith(prefix) ? message.substring(prefix.length()) : message);
    }

    private static InvalidConfigException wrong(ConfigOrigin origin, String key, String what) {
        return new InvalidConfigException(List.of(error(origin, key, what)));
    }

    private static ConfigError error(ConfigOrigin origin, String key, String what) {
        return new ConfigError(source(origin), line(origin), key, what);
    }

    private static String source(ConfigOrigin origin) {
        String file = origin.filename();
        return file == null ? origin.description() : file;
    }

    private static int line(ConfigOrigin origin) {
        return Math.max(0, origin.lineNumber());
    }
}
