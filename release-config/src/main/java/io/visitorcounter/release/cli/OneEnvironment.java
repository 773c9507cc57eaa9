package io.visitorcounter.release.cli;

import io.visitorcounter.release.Environment;

/** The argument of a command that is about one environment. */
final class OneEnvironment {

    private final Input<Environment> input;

    OneEnvironment(Command of) {
        input = of.argument("ENV", Environment::new, "The environment, such as prod");
    }

    Environment environment() {
        return input.value();
    }
}
