package io.visitorcounter.release.ledger;

import io.visitorcounter.release.Digest;
import io.visitorcounter.release.PrintableText;
import io.visitorcounter.release.ReleaseException;
import io.visitorcounter.release.Scratch;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.eclipse.jgit.lib.NullProgressMonitor;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.Ref;
import org.eclipse.jgit.lib.RefUpdate;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.storage.file.FileRepositoryBuilder;
import org.eclipse.jgit.transport.Connection;
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

/** A repository that is reached by a URL. What was read last lies in a copy here, so a read fetches only what is new; a
 *  push says which commit it expects there, and the other side refuses it if another was first. */
final class RemoteRepository extends LedgerRepository {

    private static final int TIMEOUT_SECONDS = 30;

    private final GitAddress address;
    private final Path copy;
    private final Map<String, String> variables;
    private final boolean readOnly;
    private @Nullable Path temporary;

    RemoteRepository(LedgerPlace.Remote place, Branch branch, boolean readOnly) {
        super(branch);
        this.address = GitAddress.of(place.url()).orElseThrow();
        this.copy = place.copies()
                .resolve(Digest.of(address.identity().getBytes(StandardCharsets.UTF_8))
                                .shortText() + ".git");
        this.variables = place.variables();
        this.readOnly = readOnly;
    }

    @Override
    boolean exists() {
        return true;
    }

    @Override
    void create() {
        // The team creates it, with the rights that it wants; an empty one is a ledger without an entry.
    }

    @Override
    Repository connect() {
        if (readOnly || !isWritable(copy)) {
            return connectTemporary();
        }
        if (!Files.exists(copy.resolve("HEAD"))) {
            new LocalRepository(new LedgerPlace.Local(copy, true), branch()).create();
        }
        try {
            return GitSystemReader.open(copy);
        } catch (IOException e) {
            throw unopened(e);
        }
    }

    private static boolean isWritable(Path folder) {
        Path there = folder.toAbsolutePath();
        while (there != null && !Files.exists(there)) {
            there = there.getParent();
        }
        return there != null && Files.isWritable(there);
    }

    /** A copy for this command only, which takes what the lasting one has already. */
    private Repository connectTemporary() {
        try {
            Path folder = Files.createTempDirectory("release-ledger-");
            temporary = folder;
            Path made = folder.resolve("ledger.git");
            LocalRepository.initialise(made);
            Optional<ObjectId> known = Optional.empty();
            if (Files.exists(copy.resolve("HEAD"))) {
                Files.createDirectories(made.resolve("objects/info"));
                Files.writeString(
                        made.resolve("objects/info/alternates"),
                        copy.toAbsolutePath().resolve("objects") + "\n");
                try (Repository lasting = GitSystemReader.open(copy)) {
                    known = Optional.ofNullable(lasting.resolve(branch().ref()));
                }
            }
            Repository opened = GitSystemReader.open(made);
            if (known.isPresent()) {
                move(opened, known.get());
            }
            return opened;
        } catch (IOException e) {
            throw unopened(e);
        }
    }

    private ReleaseException unopened(IOException e) {
        return new ReleaseException.Unreachable(
                copy + ": the ledger's copy can't be opened: " + ReleaseException.reason(e), e);
    }

    @Override
    public synchronized void close() {
        super.close();
        Path made = temporary;
        if (made != null) {
            temporary = null;
            try {
                Scratch.delete(made);
            } catch (IOException e) {
                throw new ReleaseException.Unreachable(made + ": can't be deleted: " + ReleaseException.reason(e), e);
            }
        }
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
                connection.fetch(NullProgressMonitor.INSTANCE, List.of(there), known(here));
            }
            keep(here, newest);
            return newest;
        } catch (IOException e) {
            throw failed("read", e);
        }
    }

    // The copy's own branch is what we have, so that the other side sends only what comes after.
    private static Set<ObjectId> known(Repository here) throws IOException {
        Set<ObjectId> ids = new HashSet<>();
        for (Ref ref : here.getRefDatabase().getRefs()) {
            Optional.ofNullable(ref.getObjectId()).ifPresent(ids::add);
        }
        return ids;
    }

    private void keep(Repository here, ObjectId newest) throws IOException {
        RefUpdate.Result result = move(here, newest);
        if (result == RefUpdate.Result.LOCK_FAILURE) {
            // A branch that another command moves at this moment only saves fetching. A lock that a killed command left
            // would make every later one fetch all of it again; the copy is ours, so it goes.
            Path folder = here.getDirectory().toPath();
            if (GitFolder.leftLock(folder, branch(), false).isPresent()) {
                Files.deleteIfExists(folder.resolve(branch().ref() + ".lock"));
                result = move(here, newest);
            }
        }
        if (result == RefUpdate.Result.IO_FAILURE) {
            throw new IOException("the copy here can't be written");
        }
    }

    private RefUpdate.Result move(Repository here, ObjectId newest) throws IOException {
        RefUpdate update = here.updateRef(branch().ref());
        update.setNewObjectId(newest);
        update.setForceUpdate(true);
        update.disableRefLog();
        return update.update();
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
                    keep(here, to);
                    yield new Publication.Done();
                }
                case REJECTED_NONFASTFORWARD, REJECTED_REMOTE_CHANGED -> new Publication.Overtaken();
                case REJECTED_OTHER_REASON -> refused(update, connection);
                default ->
                    throw new ReleaseException.Unreachable(
                            address + ": the ledger can't be written: " + update.getStatus(), null);
            };
        } catch (IOException e) {
            throw failed("written", e);
        }
    }

    // Git's servers say in words that the branch is locked, or no longer what we expected; a hook says why it refuses.
    private Publication refused(RemoteRefUpdate update, Connection connection) {
        String reason = String.valueOf(update.getMessage()).strip();
        String said = said(connection);
        if (reason.matches("(?is).*(fetch first|non-fast-forward|stale|conflict).*")) {
            return new Publication.Overtaken();
        }
        if (reason.matches("(?is).*(lock|failed to update ref|cannot update the ref).*")) {
            Optional<String> left = address.folder()
                    .flatMap(GitFolder::find)
                    .flatMap(folder -> GitFolder.leftLock(folder, branch(), true));
            return new Publication.Blocked(
                    left.orElse(
                            address + ": the other side can't lock the branch " + branch().word() + ": " + reason + said
                                    + "; if nobody writes to the ledger, delete the lock that a killed process left"
                                    + " there"),
                    left.isPresent());
        }
        throw new ReleaseException.Unreachable(
                address + ": refused the push: " + reason + said + "; is the branch " + branch().word()
                        + " open to you?",
                null);
    }

    /** What the other side told people, such as a hook's own words. */
    private static String said(Connection connection) {
        String messages = String.valueOf(connection.getMessages())
                .lines()
                .map(String::strip)
                .filter(line -> !line.isEmpty())
                .collect(Collectors.joining("; "));
        return messages.isEmpty() ? "" : "; remote: " + PrintableText.oneLine(messages);
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
            // JGit reads file:// with two slashes before the host, and refuses the host that is none.
            Transport transport =
                    Transport.open(here, new URIish(folder.map(Path::toString).orElse(address.text())));
            transport.setTimeout(TIMEOUT_SECONDS);
            // A thin pack leans on what the other side had a moment ago.
            transport.setPushThin(false);
            transport.setCredentialsProvider(credentials());
            if (transport instanceof SshTransport ssh) {
                ssh.setSshSessionFactory(new SshCommand(variables));
            }
            if (folder.isPresent() && GitProgram.isThere()) {
                // As git pushes to a folder: by its own program, which runs the hooks.
                transport.setOptionReceivePack("exec git receive-pack");
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
            if (there.exactRef(branch().ref()) == null) {
                GitFolder.refuseClone(address.toString(), there, branch());
                GitFolder.refuseBrokenBranch(address.toString(), git.get(), branch());
            }
            if (!GitProgram.isThere() && GitProgram.hasHooks(git.get(), there.getConfig())) {
                throw new ReleaseException.Unreachable(
                        address + ": has hooks, which only git runs; install git on this machine", null);
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
                .strip();
        String next = "";
        if (why.contains("not authorized") || why.contains("Auth")) {
            next = "; set RELEASE_LEDGER_USER and RELEASE_LEDGER_PASSWORD, or an entry in ~/.netrc";
        } else if (isOtherFormat(e)) {
            next = "; is it in git's sha256 format? This tool needs one made with git init --object-format=sha1";
        }
        return new ReleaseException.Unreachable(address + ": the ledger can't be " + verb + ": " + why + next, e);
    }

    private static boolean isOtherFormat(@Nullable Throwable e) {
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            String message = String.valueOf(cause.getMessage());
            if (message.contains("object-format") || message.matches("(?s).*\\b[0-9a-f]{64}\\b.*")) {
                return true;
            }
        }
        return false;
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
