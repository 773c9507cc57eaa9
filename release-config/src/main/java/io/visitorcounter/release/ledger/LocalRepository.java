package io.visitorcounter.release.ledger;

import io.visitorcounter.release.ReleaseException;
import io.visitorcounter.release.Scratch;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Objects;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.Ref;
import org.eclipse.jgit.lib.RefUpdate;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.lib.StoredConfig;
import org.eclipse.jgit.storage.file.FileRepositoryBuilder;
import org.jspecify.annotations.Nullable;

/** A repository of this machine, written directly: git's own lock file of the branch makes an append one audit. */
final class LocalRepository implements LedgerRepository {

    private final Path path;
    private final boolean createdOnDemand;
    private @Nullable Repository open;

    LocalRepository(LedgerPlace.Local place) {
        this.path = place.path();
        this.createdOnDemand = place.createdOnDemand();
    }

    @Override
    public boolean exists() {
        return Files.exists(path) || !createdOnDemand;
    }

    @Override
    public void create() {
        if (Files.exists(path) || !createdOnDemand) {
            return;
        }
        Path parent = Objects.requireNonNull(path.toAbsolutePath().getParent());
        try {
            try (Scratch scratch = Scratch.in(parent)) {
                Path made = scratch.resolve("ledger.git");
                initialise(made);
                publish(made);
            }
        } catch (IOException e) {
            throw new ReleaseException.Unreachable(path + ": the ledger can't be created: " + reason(e), e);
        }
    }

    private void publish(Path made) throws IOException {
        try {
            Files.move(made, path, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            // Of two that create it at once, the first one's is the ledger.
            if (!Files.isDirectory(path)) {
                throw e;
            }
        }
    }

    static void initialise(Path bare) throws IOException {
        GitSystemReader.use();
        try (Repository repository =
                new FileRepositoryBuilder().setBare().setGitDir(bare.toFile()).build()) {
            repository.create(true);
            repository.updateRef(Constants.HEAD).link(Ledger.BRANCH);
            StoredConfig config = repository.getConfig();
            // Whoever pushes here can append, never rewrite.
            config.setBoolean("receive", null, "denyNonFastForwards", true);
            config.setBoolean("receive", null, "denyDeletes", true);
            config.setBoolean("core", null, "fsyncObjectFiles", true);
            config.setBoolean("core", null, "fsyncRefFiles", true);
            config.save();
        }
    }

    @Override
    public Repository open() {
        Repository current = open;
        if (current != null) {
            return current;
        }
        if (!Files.exists(path)) {
            throw createdOnDemand
                    ? new ReleaseException.NotFound(path + ": no release was made yet; make one with release create")
                    : new ReleaseException.Unreachable(
                            path + ": no such ledger; create it with git init --bare " + path, null);
        }
        Path folder = Files.isDirectory(path.resolve(Constants.DOT_GIT)) ? path.resolve(Constants.DOT_GIT) : path;
        if (!isRepository(folder)) {
            throw new ReleaseException.Unreachable(
                    path + ": expected a git repository as the ledger, got "
                            + (Files.isDirectory(path) ? "another folder" : "a file")
                            + "; name the ledger with --ledger",
                    null);
        }
        try {
            Repository opened = GitSystemReader.open(folder);
            open = opened;
            return opened;
        } catch (IOException | IllegalArgumentException e) {
            throw new ReleaseException.Unreachable(path + ": the ledger can't be opened: " + e.getMessage(), e);
        }
    }

    private static boolean isRepository(Path folder) {
        return Files.isRegularFile(folder.resolve(Constants.HEAD))
                && Files.isDirectory(folder.resolve("objects"))
                && Files.isDirectory(folder.resolve("refs"));
    }

    @Override
    public @Nullable ObjectId refresh() {
        try {
            Ref branch = open().exactRef(Ledger.BRANCH);
            return branch == null ? null : branch.getObjectId();
        } catch (IOException e) {
            throw new ReleaseException.Unreachable(path + ": the ledger can't be read: " + e.getMessage(), e);
        }
    }

    @Override
    public boolean publish(@Nullable ObjectId from, ObjectId to) {
        try {
            RefUpdate update = open().updateRef(Ledger.BRANCH);
            update.setExpectedOldObjectId(from == null ? ObjectId.zeroId() : from);
            update.setNewObjectId(to);
            update.disableRefLog();
            RefUpdate.Result result = update.update();
            return switch (result) {
                case NEW, FAST_FORWARD -> true;
                case LOCK_FAILURE, REJECTED -> false;
                default -> throw new ReleaseException.Unreachable(path + ": git answered " + result, null);
            };
        } catch (IOException e) {
            throw new ReleaseException.Unreachable(path + ": the ledger can't be written: " + reason(e), e);
        }
    }

    private static String reason(IOException e) {
        return e instanceof java.nio.file.AccessDeniedException ? "permission denied" : String.valueOf(e.getMessage());
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
        return path.toString();
    }
}
