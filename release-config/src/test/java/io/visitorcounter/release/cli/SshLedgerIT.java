package io.visitorcounter.release.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.visitorcounter.release.FixtureApp;
import io.visitorcounter.release.ledger.GitService;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.apache.sshd.common.keyprovider.FileKeyPairProvider;
import org.apache.sshd.server.Environment;
import org.apache.sshd.server.ExitCallback;
import org.apache.sshd.server.SshServer;
import org.apache.sshd.server.channel.ChannelSession;
import org.apache.sshd.server.command.Command;
import org.apache.sshd.server.config.keys.AuthorizedKeysAuthenticator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A ledger behind ssh: the machine's own client, with its keys and the hosts it knows, against a server in this JVM. */
@Timeout(180)
class SshLedgerIT {

    @TempDir
    Path folder;

    private GitService git;
    private SshServer server;
    private Path project;
    private Tool tool;
    private String url;
    private String app;

    @BeforeEach
    void setUp() throws Exception {
        boolean there = Stream.of("ssh", "ssh-keygen").allMatch(SshLedgerIT::isThere);
        if ("required".equals(System.getenv("TEST_SSH"))) {
            assertThat(there)
                    .as("ssh and ssh-keygen; apt-get install openssh-client")
                    .isTrue();
        }
        assumeTrue(there, "no ssh and ssh-keygen on the PATH; install them (Debian: apt-get install openssh-client)");
        git = new GitService(folder.resolve("there.git"));
        key("host");
        key("user");
        key("stranger");
        server = start(0);
        url = "ssh://git@127.0.0.1:" + server.getPort() + "/ledger.git";
        client("user", "[127.0.0.1]:" + server.getPort() + " " + Files.readString(folder.resolve("host.pub")));
        project = folder.resolve("project");
        tool = new Tool(project);
        tool.config("dev", "app { greeting = one }");
        app = FixtureApp.tar(folder.resolve("app.tar"), "1").toString();
    }

    @AfterEach
    void stop() throws IOException {
        if (server != null) {
            server.stop(true);
        }
    }

    @Test
    void releasesAreWrittenAndRead() throws Exception {
        must("create", "dev", "--app", app);
        tool.config("dev", "app { greeting = two }");
        must("create", "dev", "--app", app);

        assertThat(must("history", "dev")).contains("dev v2", "dev v1");
        assertThat(git.releases("dev")).isEqualTo(2);
    }

    @Test
    void aHostThatIsNotKnownAndAKeyThatIsRefusedAreOneLineAndChangeNothing() throws Exception {
        String known = Files.readString(folder.resolve("known_hosts"));

        client("user", "");
        refused();
        client("user", "[127.0.0.1]:" + server.getPort() + " " + Files.readString(folder.resolve("stranger.pub")));
        refused();
        client("stranger", known);
        refused();
        assertThat(git.releases("dev")).isZero();

        client("user", known);
        must("create", "dev", "--app", app);
        assertThat(git.releases("dev")).isEqualTo(1);
    }

    @Test
    void aServerThatIsGoneIsOneLineAndOnceItIsBackTheNextCommandWorks() throws Exception {
        int port = server.getPort();
        server.stop(true);

        refused();
        server = start(port);
        must("create", "dev", "--app", app);

        assertThat(git.releases("dev")).isEqualTo(1);
    }

    private void refused() throws Exception {
        ToolProcess process = run("create", "dev", "--app", app);

        assertThat(process.await()).as(process.output()).isEqualTo(7);
        // Not why: where ssh ends a moment before JGit asks it, its own words are not there yet.
        assertThat(process.output()).hasLineCount(1).startsWith(url + ": the ledger can't be read: ");
    }

    private String must(String... arguments) throws Exception {
        ToolProcess process = run(arguments);
        assertThat(process.await()).as(process.output()).isZero();
        return process.output();
    }

    private ToolProcess run(String... arguments) {
        return ToolProcess.start(
                project,
                Map.of("RELEASE_LEDGER", url, "GIT_SSH", folder.resolve("ssh").toString()),
                arguments);
    }

    /** The machine's client, with the settings that a user has in a file. */
    private void client(String key, String knownHosts) throws IOException {
        Files.writeString(folder.resolve("known_hosts"), knownHosts);
        Files.writeString(folder.resolve("config"), """
                Host *
                  BatchMode yes
                  IdentitiesOnly yes
                  StrictHostKeyChecking yes
                  IdentityFile %s
                  UserKnownHostsFile %s
                  GlobalKnownHostsFile /dev/null
                """.formatted(folder.resolve(key), folder.resolve("known_hosts")));
        Path script = Files.writeString(
                folder.resolve("ssh"), "#!/bin/sh\nexec ssh -F '" + folder.resolve("config") + "' \"$@\"\n");
        assertThat(script.toFile().setExecutable(true)).isTrue();
    }

    private void key(String name) throws Exception {
        Process made = new ProcessBuilder(
                        "ssh-keygen",
                        "-q",
                        "-t",
                        "ecdsa",
                        "-N",
                        "",
                        "-C",
                        name,
                        "-f",
                        folder.resolve(name).toString())
                .inheritIO()
                .start();
        assertThat(made.waitFor()).isZero();
    }

    private SshServer start(int port) throws IOException {
        SshServer made = SshServer.setUpDefaultServer();
        made.setHost("127.0.0.1");
        made.setPort(port);
        made.setKeyPairProvider(new FileKeyPairProvider(folder.resolve("host")));
        made.setPublickeyAuthenticator(new AuthorizedKeysAuthenticator(folder.resolve("user.pub")));
        made.setCommandFactory((channel, command) -> new GitCommand(command));
        made.start();
        return made;
    }

    private static boolean isThere(String program) {
        return Stream.of(System.getenv("PATH").split(File.pathSeparator, -1))
                .anyMatch(part -> Files.isExecutable(Path.of(part, program)));
    }

    /** One conversation of git, as sshd starts it for a client. */
    private final class GitCommand implements Command {

        private final String line;
        private InputStream in = InputStream.nullInputStream();
        private OutputStream out = OutputStream.nullOutputStream();
        private OutputStream err = OutputStream.nullOutputStream();
        private ExitCallback exit = (code, message, close) -> {};

        private GitCommand(String line) {
            this.line = line;
        }

        @Override
        public void setInputStream(InputStream stream) {
            in = stream;
        }

        @Override
        public void setOutputStream(OutputStream stream) {
            out = stream;
        }

        @Override
        public void setErrorStream(OutputStream stream) {
            err = stream;
        }

        @Override
        public void setExitCallback(ExitCallback callback) {
            exit = Objects.requireNonNull(callback);
        }

        @Override
        public void start(ChannelSession channel, Environment environment) {
            Thread thread = new Thread(this::talk, "git");
            thread.setDaemon(true);
            thread.start();
        }

        private void talk() {
            int code = 1;
            try {
                assertThat(line).matches("git-(upload|receive)-pack '/ledger.git'");
                git.talk(line.substring(0, line.indexOf(' ')), in, out, err);
                out.flush();
                code = 0;
            } catch (IOException e) {
                // The client sees the exit code.
                code = 2;
            } finally {
                exit.onExit(code);
            }
        }

        @Override
        public void destroy(ChannelSession channel) {
            // The streams end with the channel, and the thread with them.
        }
    }
}
