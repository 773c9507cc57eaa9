package io.visitorcounter.release.cli;

import io.visitorcounter.release.ReleaseException;
import io.visitorcounter.release.image.ImageDeclaration;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Predicate;

/** The options that supply what an image's labels lack. */
final class ImageOptions {

    private final Input<String> portVariable;
    private final Input<String> livePath;
    private final Input<String> readyPath;
    private final Input<Integer> drainSeconds;

    ImageOptions(Command of) {
        portVariable = of.option(
                "--port-variable",
                "NAME",
                "The variable that holds the port. Default: as the image's label says, or HTTP_PORT");
        livePath = of.option(
                "--live-path",
                "PATH",
                "The path of the liveness probe, or none. Default: as the image's label says, or none");
        readyPath = of.option(
                "--ready-path",
                "PATH",
                "The path of the readiness probe, or none. Default: as the image's label says, or none");
        drainSeconds = of.add(of.optionSpec(
                "--drain",
                "SECONDS",
                Integer.class,
                "How long the app keeps serving after it was told to stop. Default: as its config says"));
    }

    ImageDeclaration.Overrides overrides() {
        return new ImageDeclaration.Overrides(
                checked("--port-variable", portVariable, ImageDeclaration::isVariable, "a variable's name"),
                checked("--live-path", livePath, ImageOptions::isPath, "a path such as /health, or none"),
                checked("--ready-path", readyPath, ImageOptions::isPath, "a path such as /ready, or none"),
                drainSeconds.given().map(ImageOptions::drain));
    }

    private static boolean isPath(String text) {
        return text.equals("none") || ImageDeclaration.isPath(text);
    }

    private static Duration drain(int seconds) {
        if (seconds < 0 || seconds > 3600) {
            throw new ReleaseException.Usage("--drain: expected 0..3600 seconds, got " + seconds);
        }
        return Duration.ofSeconds(seconds);
    }

    private static Optional<String> checked(
            String option, Input<String> input, Predicate<String> valid, String expected) {
        input.given().filter(valid.negate()).ifPresent(text -> {
            throw new ReleaseException.Usage(option + ": expected " + expected + ", got " + text);
        });
        return input.given();
    }
}
