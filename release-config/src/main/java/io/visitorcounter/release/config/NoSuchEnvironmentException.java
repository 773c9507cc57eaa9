package io.visitorcounter.release.config;

import io.visitorcounter.release.Environment;
import java.util.List;

/** There is no file for the environment that was asked for. */
public final class NoSuchEnvironmentException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    NoSuchEnvironmentException(String folder, Environment asked, List<Environment> known) {
        super(folder + ": " + asked + ": no such environment; "
                + (known.isEmpty()
                        ? "there are none, so write " + folder + "/" + asked + ".conf"
                        : "there are "
                                + String.join(
                                        ", ",
                                        known.stream().map(Environment::name).toList())));
    }
}
