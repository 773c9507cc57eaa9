package io.visitorcounter.web.config;

import io.visitorcounter.web.values.LogFormat;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Finds a value for every key and checks it. If there is a file, the variables are ignored: a release is complete and
 *  was checked when it was made. Only what a release can't contain is read at run time: its secrets, and what a
 *  platform assigns. */
final class ConfigReader {

    private final ConfigTable table;
    private final Variables variables;
    private final List<ConfigError> errors = new ArrayList<>();
    private final Map<String, WrittenValue> written = new HashMap<>();
    private final Map<String, Object> values = new HashMap<>();

    ConfigReader(ConfigTable table, Variables variables) {
        this.table = table;
        this.variables = variables;
    }

    /** {@return the config of the process}
     *
     *  @throws InvalidConfigException with all errors, if there are any */
    AppConfig read() throws InvalidConfigException {
        String path = variables.text("CONFIG_FILE");
        ConfigFile file = path == null ? null : new ConfigFile(path);
        if (file != null) {
            errors.addAll(file.unknownKeys(table.keys().keySet()));
        }
        table.keys().values().forEach(key -> read(key, file));
        table.rules().forEach(this::check);
        if (errors.isEmpty()) {
            return new AppConfig(values);
        }
        errors.sort(null);
        throw new InvalidConfigException(errors, values.get(ConfigKeys.LOG_FORMAT.path()) == LogFormat.JSON);
    }

    private void read(ConfigKey<?> key, @Nullable ConfigFile file) {
        try {
            WrittenValue found = find(key, file);
            WrittenValue value = found == null ? preset(key) : found;
            written.put(key.path(), value);
            value.as(key.type())
                    .ifPresentOrElse(
                            typed -> values.put(key.path(), typed),
                            () -> errors.add(value.error(key, key.type().expected())));
        } catch (InvalidConfigException e) {
            e.errors().stream().filter(error -> !isWithinAnError(error.key())).forEach(errors::add);
        }
    }

    private @Nullable WrittenValue find(ConfigKey<?> key, @Nullable ConfigFile file) throws InvalidConfigException {
        WrittenValue fromVariable = file == null || key.atRun() ? variables.value(key) : null;
        return fromVariable != null || file == null ? fromVariable : file.value(key, variables);
    }

    private static WrittenValue preset(ConfigKey<?> key) {
        return new WrittenValue(key.preset(), "\"" + key.preset() + "\"", false, "default", 0);
    }

    /** If a whole group is wrong, its keys are not reported as missing. */
    private boolean isWithinAnError(String path) {
        return errors.stream().anyMatch(error -> path.startsWith(error.key() + "."));
    }

    private void check(ConfigTable.Rule rule) {
        boolean holds = rule.when().stream()
                .allMatch(condition -> Optional.ofNullable(
                                values.get(condition.key().path()))
                        .equals(condition.key().type().read(condition.value())));
        WrittenValue value = written.get(rule.key().path());
        if (holds
                && values.containsKey(rule.key().path())
                && value != null
                && value.as(rule.type()).isEmpty()) {
            errors.add(value.error(rule.key(), rule.type().expected() + ", since " + rule.reason()));
        }
    }
}
