package io.visitorcounter.release.ledger;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.eclipse.jgit.errors.TransportException;
import org.eclipse.jgit.transport.CredentialsProvider;
import org.eclipse.jgit.transport.RemoteSession;
import org.eclipse.jgit.transport.RemoteSession2;
import org.eclipse.jgit.transport.SshSessionFactory;
import org.eclipse.jgit.transport.URIish;
import org.eclipse.jgit.util.FS;
import org.jspecify.annotations.Nullable;

/** The machine's own ssh, with its agent, keys and known hosts. Chosen as git does: by GIT_SSH_COMMAND, which a shell
 *  runs, by GIT_SSH, or else {@code ssh}. */
final class SshCommand extends SshSessionFactory {

    private final Map<String, String> variables;

    SshCommand(Map<String, String> variables) {
        this.variables = variables;
    }

    @Override
    public RemoteSession getSession(URIish to, @Nullable CredentialsProvider credentials, FS fs, int timeout) {
        return new SshSession(to);
    }

    @Override
    public String getType() {
        return "external";
    }

    private List<String> command(URIish to, String command) {
        String line = variables.getOrDefault("GIT_SSH_COMMAND", "");
        String program = variables.getOrDefault("GIT_SSH", "");
        List<String> words = new ArrayList<>();
        if (!line.isBlank()) {
            words.addAll(List.of("sh", "-c", line + " \"$@\"", line));
        } else {
            words.add(program.isBlank() ? "ssh" : program);
        }
        String name = (line.isBlank() ? program : line).toLowerCase(Locale.ROOT);
        boolean plink = name.contains("plink");
        if (plink && !name.contains("tortoiseplink")) {
            words.add("-batch");
        }
        if (to.getPort() > 0) {
            words.addAll(List.of(plink ? "-P" : "-p", Integer.toString(to.getPort())));
        }
        // Brackets belong to the URL, not to the IPv6 address.
        String host = to.getHost().replaceAll("^\\[(.*)\\]$", "$1");
        words.add(to.getUser() == null ? host : to.getUser() + "@" + host);
        words.add(command);
        return words;
    }

    /** One connection, for as many commands as git needs. */
    private final class SshSession implements RemoteSession2 {

        private final URIish to;

        SshSession(URIish to) {
            this.to = to;
        }

        @Override
        public Process exec(String command, int timeout) throws TransportException {
            return exec(command, Map.of(), timeout);
        }

        @Override
        public Process exec(String command, @Nullable Map<String, String> environment, int timeout)
                throws TransportException {
            ProcessBuilder builder = new ProcessBuilder(command(to, command));
            // From the tool's variables, which a test can set without starting a process.
            for (String name : List.of("GIT_SSH_COMMAND", "GIT_SSH", "GIT_SSH_VARIANT")) {
                String value = variables.get(name);
                if (value != null) {
                    builder.environment().put(name, value);
                }
            }
            if (environment != null) {
                builder.environment().putAll(environment);
            }
            try {
                return new EndedProcess(builder.start());
            } catch (IOException e) {
                throw new TransportException(to, "ssh can't be started: " + e.getMessage(), e);
            }
        }

        @Override
        public void disconnect() {
            // Each command has its own connection, which ends with it.
        }
    }

    /** A process whose exit code can be read while it is ending, as JGit does. */
    private static final class EndedProcess extends Process {

        private static final int END_SECONDS = 5;

        private final Process process;

        EndedProcess(Process process) {
            this.process = process;
        }

        @Override
        public int exitValue() {
            try {
                if (!process.waitFor(END_SECONDS, TimeUnit.SECONDS)) {
                    process.destroy();
                    return process.waitFor();
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                process.destroyForcibly();
            }
            return process.exitValue();
        }

        @Override
        public int waitFor() throws InterruptedException {
            return process.waitFor();
        }

        @Override
        public void destroy() {
            process.destroy();
        }

        @Override
        public OutputStream getOutputStream() {
            return process.getOutputStream();
        }

        @Override
        public InputStream getInputStream() {
            return process.getInputStream();
        }

        @Override
        public InputStream getErrorStream() {
            return process.getErrorStream();
        }
    }
}
