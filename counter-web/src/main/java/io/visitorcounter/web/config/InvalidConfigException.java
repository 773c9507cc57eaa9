package io.visitorcounter.web.config;

import java.util.List;
import java.util.stream.Collectors;

/** The config can't be used; holds every error, not only the first. */
public final class InvalidConfigException extends Exception {

    private static final long serialVersionUID = 1;

    private final transient List<ConfigError> errors;

    InvalidConfigException(List<ConfigError> errors) {
        super(errors.stream().map(ConfigError::toString).collect(Collectors.joining("\n")));
        this.errors = List.copyOf(errors);
    }

    /** {@return the errors in the order of the file, at least one; the message has a line for each} */
    public List<ConfigError> errors() {
        return errors;
    }
}
