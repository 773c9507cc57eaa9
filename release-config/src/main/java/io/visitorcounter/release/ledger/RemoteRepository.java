package io.visitorcounter.release.ledger;

import io.visitorcounter.release.Digest;
import io.visitorcounter.release.ReleaseException;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.eclipse.jgit.errors.NotSupportedException;
import org.eclipse.jgit.errors.TransportException;
import org.eclipse.jgit.lib.NullProgressMonitor;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.Ref;
import org.eclipse.jgit.lib.RefUpdate;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.transport.CredentialsProvider;
import org.eclipse.jgit.transport.FetchConnection;
import org.eclipse.jgit.transport.NetRCCredentialsProvider;
import org.eclipse.jgit.transport.PushConnection;
import org.eclipse.jgit.transport.RemoteRefUpdate;
import org.eclipse.jgit.transport.Transport;
import org.eclipse.jgit.transport.URIish;
import org.eclipse.jgit.transport.UsernamePasswordCredentialsProvider;
import org.jspecify.annotations.Nullable;

/** A repository that is reached by a URL. What was read last lies in a copy here, so a read fetches only what is new; a
 *  push says which commit it expects there, and the other side refuses it if another was first. */
final class RemoteRepository implements LedgerRepository {

    private static final int TIMEOUT_SECONDS = 30;

    private final String url;
    private final Path copy;
    private final Map<String, String> variables;
    private @Nullable Repository open;

    RemoteRepository(LedgerPlace.Remote place) {
        this.url = place.url();
        this.copy = place.copies()
                .resolve(Digest.of(place.url().getBytes(StandardCharsets.UTF_8)).shortText() + ".git");
        this.variables = place.variables();
    }

    @Override
    public boolean exists() {
        return true;
    }

    @Override
    public void create() {
        // The team creates it, with the rights that it wants; an empty one is a ledger without an entry.
    }

    @Override
    public Repository open() {
        Repository current = open;
        if (current != null) {
            return current;
        }
        try {
            if (!Files.exists(copy.resolve("HEAD"))) {
                new LocalRepository(new LedgerPlace.Local(copy, true)).create();
            }
            Repository opened = GitSystemReader.open(copy);
            open = opened;
            return opened;
        } catch (IOException e) {
            throw new ReleaseException.Unreachable(copy + ": the ledger's copy can't be opened: " + e.getMessage(), e);
        }
    }

    @Override
    public @Nullable ObjectId refresh() {
        Repository here = open();
        try (Transport transport = transport(here);
                FetchConnection connection = transport.openFetch()) {
            Ref there = connection.getRef(Ledger.BRANCH);
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
        } catch (IllegalThreadStateException e) {
            throw failed("read", cut(e));
        }
    }

    // The copy's own branch is what we have, so that the other side sends only what comes after.
    private static Collection<Ref> refs(Repository here) throws IOException {
        return here.getRefDatabase().getRefs();
    }

    private static java.util.Set<ObjectId> known(Repository here) throws IOException {
        java.util.Set<ObjectId> ids = new java.util.HashSet<>();
        refs(here).forEach(ref -> Optional.ofNullable(ref.getObjectId()).ifPresent(ids::add));
        return ids;
    }

    private static void keep(Repository here, ObjectId newest) throws IOException {
        RefUpdate update = here.updateRef(Ledger.BRANCH);
        update.setNewObjectId(newest);
        update.setForceUpdate(true);
        update.disableRefLog();
        RefUpdate.Result result = update.update();
        // A branch that another command moves at this moment does no harm: it only saves fetching.
        if (result == RefUpdate.Result.IO_FAILURE) {
            throw new IOException("the copy here can't be written");
        }
    }

    @Override
    public boolean publish(@Nullable ObjectId from, ObjectId to) {
        Repository here = open();
        try (Transport transport = transport(here);
                PushConnection connection = transport.openPush()) {
            RemoteRefUpdate update = new RemoteRefUpdate(
                    here, null, to, Ledger.BRANCH, false, null, from == null ? ObjectId.zeroId() : from);
            Ref there = connection.getRef(Ledger.BRANCH);
            ObjectId now = there == null ? null : there.getObjectId();
            if (!Objects.equals(now, from)) {
                return false;
            }
            connection.push(NullProgressMonitor.INSTANCE, Map.of(Ledger.BRANCH, update));
            return switch (update.getStatus()) {
                case OK -> {
                    keep(here, to);
                    yield true;
                }
                case REJECTED_NONFASTFORWARD, REJECTED_REMOTE_CHANGED -> false;
                case REJECTED_OTHER_REASON -> lostRace(update);
                default ->
                    throw new ReleaseException.Unreachable(
                            url + ": the ledger can't be written: " + update.getStatus(), null);
            };
        } catch (IOException e) {
            throw failed("written", e);
        } catch (IllegalThreadStateException e) {
            throw failed("written", cut(e));
        }
    }

    // Git's servers say in words that the branch is locked, or no longer what we expected.
    private boolean lostRace(RemoteRefUpdate update) {
        String message = String.valueOf(update.getMessage());
        if (message.matches("(?is).*(lock|fetch first|non-fast-forward|failed to update ref|stale|conflict).*")) {
            return false;
        }
        throw new ReleaseException.Unreachable(
                url + ": refused the push: " + message.strip() + "; is the branch releases open to you?", null);
    }

    private Transport transport(Repository here) throws NotSupportedException, TransportException {
        try {
            URIish uri = new URIish(url);
            // JGit reads file:// with two slashes before the host, and refuses the host that is none.
            Transport transport = Transport.open(here, url.startsWith("file://") ? new URIish(uri.getPath()) : uri);
            transport.setTimeout(TIMEOUT_SECONDS);
            // A thin pack leans on what the other side had a moment ago.
            transport.setPushThin(false);
            transport.setCredentialsProvider(credentials());
            return transport;
        } catch (URISyntaxException e) {
            throw new ReleaseException.Usage(url + ": not the URL of a git repository");
        }
    }

    private CredentialsProvider credentials() {
        String user = variables.get("RELEASE_LEDGER_USER");
        String password = variables.get("RELEASE_LEDGER_PASSWORD");
        return user != null && password != null
                ? new UsernamePasswordCredentialsProvider(user, password)
                : new NetRCCredentialsProvider();
    }

    // JGit asks an ssh that is just ending for its exit code, and is told that it has none yet.
    private static IOException cut(IllegalThreadStateException e) {
        return new IOException("the connection ended before git answered; is it up, and does ssh reach it?", e);
    }

    private ReleaseException failed(String audit, IOException e) {
        String why = String.valueOf(e.getMessage()).replace(url + ": ", "").strip();
        String next = why.contains("not authorized") || why.contains("Auth")
                ? "; set RELEASE_LEDGER_USER and RELEASE_LEDGER_PASSWORD, or an entry in ~/.netrc"
                : "";
        return new ReleaseException.Unreachable(url + ": the ledger can't be " + audit + ": " + why + next, e);
    }

    @Override
    public void close() {
        Repository current = open;
        if (current != null) {
            current.close();
        }
    }

    @Override
    public String toString() {
        return url;
    }
}
