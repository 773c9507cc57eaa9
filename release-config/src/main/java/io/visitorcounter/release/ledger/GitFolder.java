package io.visitorcounter.release.ledger;

import io.visitorcounter.release.PrintableText;
import io.visitorcounter.release.ReleaseException;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.eclipse.jgit.lib.Config;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.Ref;
import org.eclipse.jgit.lib.Repository;
import org.jspecify.annotations.Nullable;

/** Checks a git repository on this machine before it is used as a ledger: its format, its work trees, and obstacles to
 *  the branch. */
final class GitFolder {

    // The lock of a branch is held for a few writes of a few bytes.
    private static final Duration MAX_LOCK_AGE = Duration.ofSeconds(10);
    private static final Set<String> KNOWN_EXTENSIONS =
            Set.of("noop", "preciousobjects", "partialclone", "worktreeconfig", "objectformat", "refstorage");

    private GitFolder() {}

    /** {@return the folder with objects and refs; empty if there is no repository}
     *
     *  @param path the folder, or a work tree */
    static Optional<Path> find(Path path) {
        Path inWorkTree = path.resolve(Constants.DOT_GIT);
        Path folder = Files.isDirectory(inWorkTree) ? inWorkTree : path;
        return Files.isRegularFile(folder.resolve(Constants.HEAD))
                        && Files.isDirectory(folder.resolve("objects"))
                        && Files.isDirectory(folder.resolve("refs"))
                ? Optional.of(folder)
                : Optional.empty();
    }

    /** Throws if the repository has a format that JGit would write wrongly: JGit itself does not check these. */
    static void refuseOtherFormat(String where, Config config) {
        String format = config.getString("extensions", null, "objectFormat");
        if (format != null && !format.equalsIgnoreCase("sha1")) {
            throw new ReleaseException.Unreachable(
                    where + ": is in git's " + PrintableText.oneLine(format.toLowerCase(Locale.ROOT))
                            + " format, which this tool can't use; make one with git init --object-format=sha1");
        }
        if (config.getInt("core", null, "repositoryFormatVersion", 0) > 0) {
            config.getNames("extensions").stream()
                    .filter(name -> !KNOWN_EXTENSIONS.contains(name.toLowerCase(Locale.ROOT)))
                    .findFirst()
                    .ifPresent(name -> {
                        throw new ReleaseException.Unreachable(
                                where + ": has git's extension " + PrintableText.oneLine(name)
                                        + ", which this tool does not know; use a repository without it");
                    });
        }
    }

    /** Throws if the branch is checked out: an append would look like a deletion in that work tree. */
    static void refuseCheckedOut(String where, Path folder, Config config, Branch branch) throws IOException {
        if (!config.getBoolean("core", null, "bare", false) && leadsTo(branch, folder.resolve(Constants.HEAD))) {
            throw checkedOut(where, where, branch);
        }
        Path workTrees = folder.resolve("worktrees");
        if (Files.isDirectory(workTrees)) {
            try (DirectoryStream<Path> all = Files.newDirectoryStream(workTrees)) {
                for (Path each : all) {
                    if (leadsTo(branch, each.resolve(Constants.HEAD))) {
                        throw checkedOut(where, "its work tree " + each.getFileName(), branch);
                    }
                }
            }
        }
    }

    private static ReleaseException checkedOut(String where, String tree, Branch branch) {
        return new ReleaseException.Unreachable(where + ": the branch " + branch.word() + " is checked out in " + tree
                + "; check out another branch there, or use a bare repository as the ledger");
    }

    private static boolean leadsTo(Branch branch, Path head) throws IOException {
        return Files.isRegularFile(head)
                && Files.size(head) < 4096
                && Files.readString(head).strip().equals("ref: " + branch.ref());
    }

    /** Throws if it is a clone whose branch belongs to the original repository. */
    private static void refuseClone(String where, Repository repository, Branch branch) throws IOException {
        List<Ref> remotes = repository.getRefDatabase().getRefsByPrefix(Constants.R_REMOTES).stream()
                .filter(ref -> ref.getName().endsWith("/" + branch.word()) && ref.getObjectId() != null)
                .toList();
        if (!remotes.isEmpty()) {
            String remote = remotes.get(0).getName().split("/", -1)[2];
            String url = repository.getConfig().getString("remote", remote, "url");
            throw new ReleaseException.Unreachable(
                    where + ": is a clone, which has the ledger's branch only as " + remote + "/" + branch.word()
                            + "; name "
                            + (url == null ? "the repository it is a clone of" : PrintableText.oneLine(url))
                            + " with --ledger");
        }
    }

    /** {@return the branch; null if there is none yet}
     *
     *  @throws ReleaseException.Unreachable if the repository is a clone whose branch is elsewhere, or the branch's
     *      file is damaged: git ignores one that it can't read, as if nothing had ever been released */
    static @Nullable Ref branch(String where, Repository repository, Branch branch) throws IOException {
        // Checked before git reads: a branch that another process creates in between is not damaged.
        boolean hasFile = Files.isRegularFile(repository.getDirectory().toPath().resolve(branch.ref()));
        Ref found = repository.exactRef(branch.ref());
        if (found == null) {
            refuseClone(where, repository, branch);
            if (hasFile) {
                throw new ReleaseException.Unreachable(where + ": the ledger can't be read: " + branch.ref()
                        + " is damaged; put the newest commit back with git update-ref");
            }
        }
        return found;
    }

    /** {@return the branch that git can't have together with ours, since one's name is the other's folder} */
    static Optional<String> branchInTheWay(Iterable<String> refs, Branch branch) {
        for (String name : refs) {
            if (name.startsWith(branch.ref() + "/")) {
                return Optional.of("the branch " + PrintableText.oneLine(name.substring(Constants.R_HEADS.length()))
                        + " is in the way of the branch " + branch.word() + "; rename or delete it");
            }
        }
        return Optional.empty();
    }

    /** {@return the lock that a write of the branch needs, if it has existed for longer than any write takes}
     *
     *  @param byGit whether git itself writes, which also locks HEAD if that points to the branch */
    static Optional<String> leftLock(Path folder, Branch branch, boolean byGit) {
        for (Path lock : locks(folder, branch, byGit)) {
            Optional<Instant> since =
                    since(lock).filter(at -> at.plus(MAX_LOCK_AGE).isBefore(Instant.now()));
            if (since.isPresent()) {
                return Optional.of(lock + ": is there since " + since.get().truncatedTo(ChronoUnit.SECONDS)
                        + ", left by a process that was killed; if nobody writes to the ledger, delete it");
            }
        }
        return Optional.empty();
    }

    /** {@return the existing locks that a write of the branch needs, whatever their owner and age}
     *
     *  @param byGit whether git itself writes, which also locks HEAD if that points to the branch */
    static List<Path> locks(Path folder, Branch branch, boolean byGit) {
        List<String> names = new ArrayList<>(List.of(branch.ref() + ".lock", "reftable/tables.list.lock"));
        if (byGit) {
            names.add("HEAD.lock");
        }
        return names.stream().map(folder::resolve).filter(Files::exists).toList();
    }

    /** {@return the message about an existing lock of an unknown owner} */
    static String locked(Branch branch, String lock) {
        return "the branch " + branch.word() + " is locked by another process, or one that was killed left " + lock
                + "; if nobody writes to the ledger, delete it";
    }

    private static Optional<Instant> since(Path lock) {
        try {
            return Optional.of(Files.getLastModifiedTime(lock).toInstant());
        } catch (IOException notThere) {
            return Optional.empty();
        }
    }
}
