package io.visitorcounter.release.ledger;

import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Repositories in a folder, as git itself serves them: over {@code git://} by its daemon, over ssh by the program that a
 *  server starts for a client, and as a folder. */
public final class GitServer implements AutoCloseable {

    private final Path folder;
    private final Path ssh;
    private final int port;
    private final Process daemon;

    /** Starts the daemon on a free port of this machine.
     *
     *  @param folder with the repositories, by name
     *  @param scratch for what it needs besides */
    public GitServer(Path folder, Path scratch) throws IOException, InterruptedException {
        this.folder = folder;
        // In the place of ssh: what the server would start, started here. Its last argument is the command, which on a
        // server stands in the PATH, and here only where git keeps its own programs.
        ssh = script(scratch.resolve("stub-ssh"), """
                PATH=$(git --exec-path):$PATH
                for command; do :; done
                exec sh -c "$command"\
                """);
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        daemon = new ProcessBuilder(
                        "git",
                        "daemon",
                        "--listen=127.0.0.1",
                        "--port=" + port,
                        "--reuseaddr",
                        "--export-all",
                        "--enable=receive-pack",
                        "--base-path=" + folder,
                        folder.toString())
                .redirectErrorStream(true)
                .redirectOutput(scratch.resolve("git-daemon.log").toFile())
                .start();
        while (!listens()) {
            if (!daemon.isAlive()) {
                throw new IOException("git daemon ended: " + Files.readString(scratch.resolve("git-daemon.log")));
            }
            Thread.onSpinWait();
        }
    }

    private boolean listens() {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return socket.isConnected();
        } catch (IOException notYet) {
            return false;
        }
    }

    /** {@return how a repository is reached}
     *
     *  @param way {@code git}, {@code ssh}, {@code scp} or {@code file}
     *  @param name of the repository's folder */
    public String url(String way, String name) {
        return switch (way) {
            case "git" -> "git://127.0.0.1:" + port + "/" + name;
            case "ssh" -> "ssh://git@ledger.example" + folder.resolve(name);
            case "scp" -> "git@ledger.example:" + folder.resolve(name);
            case "file" -> "file://" + folder.resolve(name);
            default -> throw new IllegalArgumentException(way);
        };
    }

    /** {@return the variables that have ssh reach this machine} */
    public Map<String, String> variables() {
        return Map.of("GIT_SSH_COMMAND", "'" + ssh + "'");
    }

    /** Runs git, which must succeed.
     *
     *  @param where the folder in which
     *  @return what it printed */
    public static String git(Path where, String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("git"));
        command.addAll(List.of(arguments));
        ProcessBuilder builder =
                new ProcessBuilder(command).directory(where.toFile()).redirectErrorStream(true);
        builder.environment().keySet().removeIf(name -> name.startsWith("GIT_"));
        builder.environment()
                .putAll(Map.of(
                        "GIT_CONFIG_NOSYSTEM", "1",
                        "GIT_CONFIG_GLOBAL", "/dev/null",
                        "GIT_AUTHOR_NAME", "Ada",
                        "GIT_AUTHOR_EMAIL", "ada@example.org",
                        "GIT_COMMITTER_NAME", "Ada",
                        "GIT_COMMITTER_EMAIL", "ada@example.org"));
        Process process = builder.start();
        String output = new String(process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
        int code = process.waitFor();
        if (code != 0) {
            throw new IOException(String.join(" ", command) + ": exit code " + code + ": " + output);
        }
        return output.strip();
    }

    /** {@return whether git is on this machine, with its daemon} */
    public static boolean isThere() throws InterruptedException {
        boolean onPath = Stream.of(System.getenv("PATH").split(File.pathSeparator, -1))
                .anyMatch(part -> Files.isExecutable(Path.of(part, "git")));
        try {
            return onPath && Files.isExecutable(Path.of(git(Path.of("/"), "--exec-path"), "git-daemon"));
        } catch (IOException e) {
            return false;
        }
    }

    /** Writes a script of the shell.
     *
     *  @return it */
    static Path script(Path file, String text) throws IOException {
        Files.createDirectories(file.getParent());
        Files.writeString(file, "#!/bin/sh\n" + text + "\n");
        if (!file.toFile().setExecutable(true)) {
            throw new IOException(file + ": can't be made executable");
        }
        return file;
    }

    @Override
    public void close() {
        daemon.descendants().forEach(ProcessHandle::destroy);
        daemon.destroy();
        daemon.onExit().join();
    }
}
