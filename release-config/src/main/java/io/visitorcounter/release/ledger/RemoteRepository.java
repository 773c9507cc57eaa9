package io.visitorcounter.release.ledger;

import io.visitorcounter.release.Digest;
import io.visitorcounter.release.ReleaseException;
import java.io.EOFException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.eclipse.jgit.lib.NullProgressMonitor;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.Ref;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.storage.file.FileRepositoryBuilder;
import org.eclipse.jgit.transport.CredentialsProvider;
import org.eclipse.jgit.transport.FetchConnection;
import org.eclipse.jgit.transport.NetRCCredentialsProvider;
import org.eclipse.jgit.transport.PushConnection;
import org.eclipse.jgit.transport.RemoteRefUpdate;
import org.eclipse.jgit.transport.SshTransport;
import org.eclipse.jgit.transport.Transport;
import org.eclipse.jgit.transport.URIish;
import org.eclipse.jgit.transport.UsernamePasswordCredentialsProvider;
import org.jspecify.annotations.Nullable;

/** A repository with a URL. A local copy holds what was read last, so a read fetches only what is new; a push names the
 *  commit that it expects, and the remote refuses it if another writer was first. */
final class RemoteRepository extends LedgerRepository {

    private static final int TIMEOUT_SECONDS = 30;

    private final GitAddress address;
    private final RemoteCopy copy;
    private final Map<String, String> variables;

    RemoteRepository(LedgerPlace.Remote place, Branch branch, boolean readOnly) {
        super(branch);
        this.address = GitAddress.of(place.url()).orElseThrow();
        String name =
                Digest.of(address.identity().getBytes(StandardCharsets.UTF_8)).shortText() + ".git";
        this.copy = new RemoteCopy(place.copies().resolve(name), branch, readOnly);
        this.variables = place.variables();
    }

    @Override
    boolean exists() {
        return true;
    }

    @Override
    void create() {
        // The team creates it, with the permissions that it wants; an empty repository is a ledger without entries.
    }

    @Override
    Repository connect() {
        return copy.open();
    }

    @Override
    public synchronized void close() {
        super.close();
        copy.close();
    }

    @Override
    @Nullable ObjectId refresh() {
        Repository here = open();
        try (Transport transport = transport(here);
                FetchConnection connection = transport.openFetch()) {
            Ref there = connection.getRef(branch().ref());
            if (there == null || there.getObjectId() == null) {
                return null;
            }
            ObjectId newest = there.getObjectId();
            if (!here.getObjectDatabase().has(newest)) {
                connection.fetch(NullProgressMonitor.INSTANCE, List.of(there), RemoteCopy.known(here));
            }
            copy.keep(here, newest);
            return newest;
        } catch (IOException e) {
            throw failed("read", e);
        }
    }

    @Override
    Publication publish(@Nullable ObjectId from, ObjectId to) {
        Repository here = open();
        try (Transport transport = transport(here);
                PushConnection connection = transport.openPush()) {
            RemoteRefUpdate update = new RemoteRefUpdate(
                    here, null, to, branch().ref(), false, null, from == null ? ObjectId.zeroId() : from);
            Ref there = connection.getRef(branch().ref());
            ObjectId now = there == null ? null : there.getObjectId();
            if (!Objects.equals(now, from)) {
                return new Publication.Overtaken();
            }
            Optional<String> inTheWay =
                    GitFolder.branchInTheWay(connection.getRefsMap().keySet(), branch());
            if (inTheWay.isPresent()) {
                return new Publication.Blocked(address + ": " + inTheWay.get(), true);
            }
            connection.push(NullProgressMonitor.INSTANCE, Map.of(branch().ref(), update));
            return switch (update.getStatus()) {
                case OK -> {
                    copy.keep(here, to);
                    yield new Publication.Done();
                }
                case REJECTED_NONFASTFORWARD, REJECTED_REMOTE_CHANGED -> new Publication.Overtaken();
                case REJECTED_OTHER_REASON ->
                    new RefusedPush(address, branch(), connection.getMessages()).meant(update.getMessage());
                default ->
                    throw new ReleaseException.Unreachable(
                            address + ": the ledger can't be written: " + update.getStatus());
            };
        } catch (IOException e) {
            throw failed("written", e);
        }
    }

    @Override
    Optional<String> obstacle() {
        Repository here = open();
        try (Transport transport = transport(here);
                PushConnection connection = transport.openPush()) {
            return address.folder()
                    .flatMap(GitFolder::find)
                    .flatMap(folder -> GitFolder.leftLock(folder, branch(), true))
                    .or(() -> GitFolder.branchInTheWay(connection.getRefsMap().keySet(), branch())
                            .map(text -> address + ": " + text));
        } catch (IOException e) {
            throw failed("written", e);
        }
    }

    private Transport transport(Repository here) throws IOException {
        try {
            Optional<Path> folder = address.folder();
            if (folder.isPresent()) {
                refuseUnfit(folder.get());
            }
            // JGit takes what follows the two slashes of file:// for a host, and refuses an empty one.
            Transport transport =
                    Transport.open(here, new URIish(folder.map(Path::toString).orElse(address.text())));
            transport.setTimeout(TIMEOUT_SECONDS);
            // A thin pack relies on objects that the remote had a moment ago.
            transport.setPushThin(false);
            transport.setCredentialsProvider(credentials());
            if (transport instanceof SshTransport ssh) {
                ssh.setSshSessionFactory(new SshCommand(variables));
            }
            if (folder.isPresent() && GitProgram.isThere()) {
                // As git pushes to a folder: through its own program, which runs the hooks.
                transport.setOptionReceivePack(GitProgram.RECEIVE_PACK);
            }
            return transport;
        } catch (URISyntaxException e) {
            throw new ReleaseException.Usage(address + ": not the URL of a git repository");
        }
    }

    private void refuseUnfit(Path folder) throws IOException {
        Optional<Path> git = GitFolder.find(folder);
        if (git.isEmpty()) {
            return;
        }
        try (Repository there =
                new FileRepositoryBuilder().setGitDir(git.get().toFile()).build()) {
            GitFolder.refuseOtherFormat(address.toString(), there.getConfig());
            GitFolder.refuseCheckedOut(address.toString(), git.get(), there.getConfig(), branch());
            GitFolder.branch(address.toString(), there, branch());
            if (!GitProgram.isThere() && GitProgram.hasHooks(git.get(), there.getConfig())) {
                throw new ReleaseException.Unreachable(
                        address + ": has hooks, which only git runs; install git on this machine");
            }
        }
    }

    private CredentialsProvider credentials() {
        String user = variables.get("RELEASE_LEDGER_USER");
        String password = variables.get("RELEASE_LEDGER_PASSWORD");
        return user != null && password != null
                ? new UsernamePasswordCredentialsProvider(user, password)
                : new NetRCCredentialsProvider();
    }

    private ReleaseException failed(String verb, IOException e) {
        String why = ReleaseException.reason(e)
                .replace(address.text() + ": ", "")
                .replace(address + ": ", "")
                .strip()
                .replaceAll("\\.$", "");
        String next = "; does git ls-remote " + address + " work from here?";
        if (why.contains("not authorized") || why.contains("Auth")) {
            next = "; set RELEASE_LEDGER_USER and RELEASE_LEDGER_PASSWORD, or an entry in ~/.netrc";
        } else if (isOtherFormat(e) || (isCutOff(e) && mayHaveOtherFormat())) {
            next = "; is it in git's sha256 format? This tool needs one made with git init --object-format=sha1";
        }
        return new ReleaseException.Unreachable(address + ": the ledger can't be " + verb + ": " + why + next, e);
    }

    private static boolean isCutOff(IOException e) {
        return causes(e)
                .anyMatch(cause -> cause instanceof EOFException
                        || (cause instanceof SocketException && !(cause instanceof ConnectException)));
    }

    // In the newer protocol, the remote ends silently; in the old one, its messages may say why.
    private boolean mayHaveOtherFormat() {
        Repository here = open();
        here.getConfig().setInt("protocol", null, "version", 0);
        try (Transport transport = transport(here);
                FetchConnection connection = transport.openFetch()) {
            return connection.getRefsMap().isEmpty();
        } catch (IOException e) {
            return isOtherFormat(e);
        } finally {
            here.getConfig().unset("protocol", null, "version");
        }
    }

    private static boolean isOtherFormat(IOException e) {
        return causes(e)
                .map(cause -> String.valueOf(cause.getMessage()))
                .anyMatch(text -> text.contains("object-format") || text.matches("(?s).*\\b[0-9a-f]{64}\\b.*"));
    }

    private static Stream<Throwable> causes(Throwable e) {
        return Stream.iterate(e, Objects::nonNull, Throwable::getCause);
    }

    @Override
    String identity() {
        return address.identity();
    }

    @Override
    public String toString() {
        return address.toString();
    }
}
