package io.visitorcounter.release.ledger;

import io.visitorcounter.release.ReleaseException;
import io.visitorcounter.release.Scratch;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.Ref;
import org.eclipse.jgit.lib.RefUpdate;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.lib.StoredConfig;
import org.eclipse.jgit.storage.file.FileRepositoryBuilder;
import org.jspecify.annotations.Nullable;

/** A repository on this machine, written directly: git's lock file of the branch makes an append atomic. */
final class LocalRepository extends LedgerRepository {

    private static final int MAX_MOVE_SECONDS = 5;

    private final Path path;
    private final boolean createdOnDemand;

    LocalRepository(LedgerPlace.Local place, Branch branch) {
        super(branch);
        this.path = place.path();
        this.createdOnDemand = place.createdOnDemand();
    }

    @Override
    boolean exists() {
        return Files.exists(path) || !createdOnDemand;
    }

    @Override
    void create() {
        if (Files.exists(path) || !createdOnDemand) {
            return;
        }
        try (Scratch scratch =
                Scratch.in(Objects.requireNonNull(path.toAbsolutePath().getParent()))) {
            Path made = scratch.resolve("ledger.git");
            initialise(made);
            // If two processes create it at once, the first one's becomes the ledger.
            Scratch.putInPlace(made, path);
        } catch (IOException e) {
            throw failed("created", e);
        }
    }

    static void initialise(Path bare) throws IOException {
        GitSystemReader.use();
        try (Repository repository =
                new FileRepositoryBuilder().setBare().setGitDir(bare.toFile()).build()) {
            repository.create(true);
            repository.updateRef(Constants.HEAD).link(Ledger.BRANCH);
            StoredConfig config = repository.getConfig();
            // A push here can append, but never rewrite.
            config.setBoolean("receive", null, "denyNonFastForwards", true);
            config.setBoolean("receive", null, "denyDeletes", true);
            // For git; this tool always does so.
            config.setString("core", null, "fsync", "all");
            config.save();
        }
    }

    @Override
    Repository connect() {
        if (!Files.exists(path)) {
            throw createdOnDemand
                    ? new ReleaseException.NotFound(path + ": no release was made yet; make one with release create")
                    : new ReleaseException.Unreachable(
                            path + ": no such ledger; create it with git init --bare " + path);
        }
        Path folder = GitFolder.find(path)
                .orElseThrow(
                        () -> new ReleaseException.Unreachable(path + ": expected a git repository as the ledger, got "
                                + (Files.isDirectory(path) ? "another folder" : "a file")
                                + "; name the ledger with --ledger"));
        try {
            Repository opened = GitSystemReader.open(folder);
            GitFolder.refuseOtherFormat(path.toString(), opened.getConfig());
            return opened;
        } catch (IllegalArgumentException e) {
            throw new ReleaseException.Unreachable(path + ": the ledger can't be opened: " + e.getMessage(), e);
        } catch (IOException e) {
            throw failed("opened", e);
        }
    }

    @Override
    @Nullable ObjectId refresh() {
        try {
            Ref branch = GitFolder.branch(path.toString(), open(), branch());
            return branch == null ? null : branch.getObjectId();
        } catch (IOException e) {
            throw failed("read", e);
        }
    }

    @Override
    Publication publish(@Nullable ObjectId from, ObjectId to) {
        Repository here = open();
        try {
            GitFolder.refuseCheckedOut(path.toString(), here.getDirectory().toPath(), here.getConfig(), branch());
            RefUpdate update = here.updateRef(branch().ref());
            update.setExpectedOldObjectId(from == null ? ObjectId.zeroId() : from);
            update.setNewObjectId(to);
            update.disableRefLog();
            RefUpdate.Result result = moved(update);
            return switch (result) {
                case NEW, FAST_FORWARD -> new Publication.Done();
                case REJECTED -> new Publication.Overtaken();
                case LOCK_FAILURE -> locked(from);
                default -> throw new ReleaseException.Unreachable(path + ": git answered " + result);
            };
        } catch (IOException e) {
            throw failed("written", e);
        }
    }

    /** Moves the branch. A signal in the meantime ends this process only afterwards, since git's lock would remain. */
    private static RefUpdate.Result moved(RefUpdate update) throws IOException {
        CompletableFuture<Boolean> done = new CompletableFuture<>();
        // Much longer than a move takes: even if a disk hangs, the process ends.
        Thread end = new Thread(
                () -> done.completeOnTimeout(false, MAX_MOVE_SECONDS, TimeUnit.SECONDS)
                        .join(),
                "branch");
        try {
            Runtime.getRuntime().addShutdownHook(end);
        } catch (IllegalStateException ending) {
            throw new IOException("this process is about to end", ending);
        }
        try {
            return update.update();
        } finally {
            done.complete(true);
            removed(end);
        }
    }

    private static void removed(Thread end) {
        try {
            Runtime.getRuntime().removeShutdownHook(end);
        } catch (IllegalStateException ending) {
            // The hook is running, and the process is ending.
            return;
        }
    }

    private Publication locked(@Nullable ObjectId from) {
        Optional<String> lasting = obstacle();
        if (lasting.isPresent()) {
            return new Publication.Blocked(lasting.get(), true);
        }
        return Objects.equals(refresh(), from)
                ? new Publication.Blocked(
                        path + ": "
                                + GitFolder.locked(
                                        branch(),
                                        open().getDirectory()
                                                .toPath()
                                                .resolve(branch().ref() + ".lock")
                                                .toString()),
                        false)
                : new Publication.Overtaken();
    }

    @Override
    Optional<String> obstacle() {
        Repository here = open();
        Path folder = here.getDirectory().toPath();
        try {
            GitFolder.refuseCheckedOut(path.toString(), folder, here.getConfig(), branch());
            for (Path written : new Path[] {folder.resolve("objects"), folder.resolve("refs/heads")}) {
                if (Files.exists(written) && !Files.isWritable(written)) {
                    throw new AccessDeniedException(written.toString());
                }
            }
            return GitFolder.leftLock(folder, branch(), false)
                    .or(() -> GitFolder.branchInTheWay(names(here), branch()).map(text -> path + ": " + text));
        } catch (IOException e) {
            throw failed("written", e);
        }
    }

    private Iterable<String> names(Repository here) {
        try {
            return here.getRefDatabase().getRefsByPrefix(Constants.R_HEADS).stream()
                    .map(Ref::getName)
                    .toList();
        } catch (IOException e) {
            throw failed("read", e);
        }
    }

    @Override
    String identity() {
        try {
            return path.toRealPath().toString();
        } catch (IOException e) {
            // It does not exist yet.
            return path.toAbsolutePath().normalize().toString();
        }
    }

    private ReleaseException failed(String verb, IOException e) {
        return new ReleaseException.Unreachable(
                path + ": the ledger can't be " + verb + ": " + ReleaseException.reason(e), e);
    }

    @Override
    public String toString() {
        return path.toString();
    }
}
