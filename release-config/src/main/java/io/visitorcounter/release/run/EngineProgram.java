package io.visitorcounter.release.run;

import io.visitorcounter.release.Digest;
import io.visitorcounter.release.ReleaseException;
import io.visitorcounter.release.image.Image;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** The engine's program, used through its command line. */
record EngineProgram(String program) {

    private static final int MAX_REPLY_BYTES = 1 << 20;

    // A new session, if possible: at a terminal, a second Ctrl-C reaches each process of the session, and would end
    // this one.
    private static final String OWN_SESSION = "command -v setsid >/dev/null && exec setsid \"$@\"; exec \"$@\"";

    /** {@return the name of the loaded image, which is the one that was recorded} */
    String load(Path tar, Image image) {
        String reply = ask(List.of(program, "load", "--input", tar.toString()));
        String name = reply.lines()
                .filter(line -> line.contains(": "))
                .map(line -> line.substring(line.indexOf(": ") + 2).strip())
                .reduce((first, last) -> last)
                .orElseThrow(() -> new ReleaseException.Unreachable(program + ": did not say what it loaded"));
        String id = ask(List.of(program, "image", "inspect", "--format", "{{.Id}}", name))
                .strip();
        String config = Digest.of(image.config()).text();
        String plain = id.startsWith("sha256:") ? id : "sha256:" + id;
        // An engine names an image by its config, or by its manifest.
        if (!plain.equals(config) && !plain.equals(image.digest().text())) {
            throw new ReleaseException.VerificationFailed(
                    name + ": expected the image " + config + " in " + program + ", got " + plain);
        }
        return name;
    }

    /** {@return whether the engine already has an image}
     *
     *  @param image by digest */
    boolean has(String image) {
        try {
            ask(List.of(program, "image", "inspect", "--format", "{{.Id}}", image));
            return true;
        } catch (ReleaseException.Unreachable e) {
            return false;
        }
    }

    /** Pulls an image; the engine's output goes to stderr.
     *
     *  @param image by digest
     *  @param variables added to those of this process */
    void pull(String image, Map<String, String> variables) {
        // Through a shell that redirects stdout, which belongs to the app, to stderr.
        ProcessBuilder builder = new ProcessBuilder("/bin/sh", "-c", "exec \"$@\" >&2", "sh", program, "pull", image)
                .redirectError(ProcessBuilder.Redirect.INHERIT);
        builder.environment().putAll(variables);
        try {
            Process process = builder.start();
            process.getOutputStream().close();
            if (process.waitFor() != 0) {
                throw new ReleaseException.Unreachable(program + " pull: " + image + ": can't be pulled");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ReleaseException.Unreachable(program + ": interrupted", e);
        } catch (IOException e) {
            throw new ReleaseException.Unreachable(program + ": can't be started; is it installed?", e);
        }
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

    /** {@return what ends a container: first by SIGTERM, then by force} */
    List<String> stop(String container, Duration grace) {
        return List.of(
                "/bin/sh",
                "-c",
                OWN_SESSION,
                "sh",
                program,
                "stop",
                "--time",
                Long.toString(grace.toSeconds()),
                container);
    }

    /** Ignores stderr: warnings, such as that the program emulates another engine, are not part of the reply. */
    private String ask(List<String> command) {
        try {
            Process process = new ProcessBuilder(command).start();
            process.getOutputStream().close();
            CompletableFuture<String> complaint = CompletableFuture.supplyAsync(() -> text(process.getErrorStream()));
            String reply = text(process.getInputStream());
            if (process.waitFor() != 0) {
                String said = (complaint.join() + reply).strip();
                throw new ReleaseException.Unreachable(String.join(" ", command.subList(0, 2)) + ": "
                        + said.lines().reduce((first, last) -> last).orElse("failed"));
            }
            return reply;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ReleaseException.Unreachable(program + ": interrupted", e);
        } catch (IOException e) {
            throw new ReleaseException.Unreachable(program + ": can't be started; is it installed?", e);
        }
    }

    private static String text(InputStream stream) {
        try (stream) {
            return new String(stream.readNBytes(MAX_REPLY_BYTES), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
