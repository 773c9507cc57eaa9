package io.visitorcounter.web.config;

import java.util.List;
import java.util.stream.Collectors;

/** The config can't be used; contains all errors, not only the first. */
public final class InvalidConfigException extends Exception {

    private static final long serialVersionUID = 1;

    private final transient List<ConfigError> errors;

    private final boolean json;

    InvalidConfigException(List<ConfigError> errors) {
        this(errors, false);
    }

    InvalidConfigException(List<ConfigError> errors, boolean json) {
        super(errors.stream().map(ConfigError::toString).collect(Collectors.joining("\n")));
        this.errors = List.copyOf(errors);
        this.json = json;
    }

    /** {@return whether the config, as far as it is readable, asks for logs in JSON} */
    public boolean isJson() {
        return json;
    }

    /** {@return the errors in the order of the file, at least one; the message has a line for each} */
    public List<ConfigError> errors() {
        return errors;
    }
}
