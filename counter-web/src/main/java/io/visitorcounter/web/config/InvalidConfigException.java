package io.visitorcounter.web.config;

import java.util.List;
import java.util.stream.Collectors;

/** The config can't be used; holds every fault, not the first alone. */
public final class InvalidConfigException extends Exception {

    private static final long serialVersionUID = 1;

    private final transient List<ConfigError> faults;

    InvalidConfigException(List<ConfigError> faults) {
        super(faults.stream().map(ConfigError::toString).collect(Collectors.joining("\n")));
        this.faults = List.copyOf(faults);
    }

    /** {@return the faults in the order of the file, at least one; the message has a line for each} */
    public List<ConfigError> faults() {
        return faults;
    }
}
