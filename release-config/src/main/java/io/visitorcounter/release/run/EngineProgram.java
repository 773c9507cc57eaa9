package io.visitorcounter.release.run;

import io.visitorcounter.release.Digest;
import io.visitorcounter.release.ReleaseException;
import io.visitorcounter.release.image.Image;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** The engine's program, asked by its command line. */
final class EngineProgram {

    private static final int MAX_REPLY_BYTES = 1 << 20;

    private final String program;

    EngineProgram(String program) {
        if (program.isBlank()) {
            throw new ReleaseException.Usage("release run: --engine: expected a program such as docker, got nothing");
        }
        this.program = program;
    }

    /** {@return the name of the loaded image, which is the one that was recorded}
     *
     *  @param tar the image's tar
     *  @param image what was recorded */
    String load(Path tar, Image image) {
        String reply = ask(List.of(program, "load", "--input", tar.toString()));
        String name = reply.lines()
                .filter(line -> line.contains(": "))
                .map(line -> line.substring(line.indexOf(": ") + 2).strip())
                .reduce((first, last) -> last)
                .orElseThrow(() -> new ReleaseException.Unreachable(program + ": did not say what it loaded", null));
        String id = ask(List.of(program, "image", "inspect", "--format", "{{.Id}}", name))
                .strip();
        String config = Digest.of(image.config()).text();
        String plain = id.startsWith("sha256:") ? id : "sha256:" + id;
        // An engine names an image by its config, or by its manifest.
        if (!plain.equals(config) && !plain.equals(image.digest().text())) {
            throw new ReleaseException.VerificationFailed(
                    List.of(name + ": expected the image " + config + " in " + program + ", got " + plain));
        }
        return name;
    }

    /** {@return the names of the running containers with a label}
     *
     *  @param label name and value */
    List<String> containers(String label) {
        return ask(List.of(program, "ps", "--filter", "label=" + label, "--format", "{{.Names}}"))
                .lines()
                .map(String::strip)
                .filter(name -> !name.isEmpty())
                .toList();
    }

    /** {@return what ends a container: first by SIGTERM, then by force}
     *
     *  @param container its name
     *  @param grace how long it may take */
    List<String> stop(String container, Duration grace) {
        return List.of(program, "stop", "--time", Long.toString(grace.toSeconds()), container);
    }

    private String ask(List<String> command) {
        try {
            Process process =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            process.getOutputStream().close();
            String reply = new String(process.getInputStream().readNBytes(MAX_REPLY_BYTES), StandardCharsets.UTF_8);
            if (process.waitFor() != 0) {
                throw new ReleaseException.Unreachable(
                        String.join(" ", command.subList(0, 2)) + ": "
                                + reply.strip().lines().findFirst().orElse("failed"),
                        null);
            }
            return reply;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ReleaseException.Unreachable(program + ": interrupted", e);
        } catch (IOException e) {
            throw new ReleaseException.Unreachable(program + ": can't be started; is it installed?", e);
        }
    }
}
