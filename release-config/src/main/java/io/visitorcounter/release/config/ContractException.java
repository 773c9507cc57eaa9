package io.visitorcounter.release.config;

import java.util.List;
import java.util.stream.Collectors;

/** The contract that an image carries is broken, or asks for what this tool does not know. */
public final class ContractException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final transient List<ConfigFault> faults;

    ContractException(List<ConfigFault> faults) {
        super(faults.stream().map(ConfigFault::toString).collect(Collectors.joining("\n")));
        this.faults = List.copyOf(faults);
    }

    /** {@return everything that is wrong with it, at least one} */
    public List<ConfigFault> faults() {
        return faults;
    }
}
