package io.visitorcounter.release.ledger;

import io.visitorcounter.release.PrintableText;
import io.visitorcounter.release.ReleaseException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A push that the remote refused, and its messages. Git servers say only in words that the branch is locked, or no
 *  longer what we expected; a hook says why it refuses. */
final class RefusedPush {

    // In any language, git servers name the file, followed by the system's reason.
    private static final Pattern LOCK = Pattern.compile("'([^'\\s][^']*\\.lock)'");
    private static final Pattern UNWRITABLE =
            Pattern.compile("Permission denied|Operation not permitted|Read-only file system|No space left|quota"
                    + "|Not a directory|Is a directory|Input/output error");

    // A screen: a hook may print a whole log.
    private static final int MAX_SHOWN = 2_000;

    private final GitAddress address;
    private final Branch branch;
    private final String said;

    /** Takes what was pushed where.
     *
     *  @param messages of the remote for people, such as a hook's */
    RefusedPush(GitAddress address, Branch branch, @Nullable String messages) {
        this.address = address;
        this.branch = branch;
        String lines = String.valueOf(messages)
                .lines()
                .map(String::strip)
                .filter(line -> !line.isEmpty())
                .collect(Collectors.joining("; "));
        String shown = lines.length() > MAX_SHOWN ? lines.substring(0, MAX_SHOWN) + "…" : lines;
        this.said = lines.isEmpty() ? "" : "; remote: " + PrintableText.oneLine(shown);
    }

    /** {@return what it means for the append}
     *
     *  @param status git's reason why the branch did not move
     *  @throws ReleaseException.Unreachable if a retry is useless */
    Publication meant(@Nullable String status) {
        String reason = String.valueOf(status).strip();
        if (reason.matches("(?is).*(fetch first|non-fast-forward|stale|conflict).*")) {
            return new Publication.Overtaken();
        }
        if (reason.matches("(?is).*(lock|failed to update ref|cannot update the ref).*")
                && !UNWRITABLE.matcher(said).find()) {
            return locked();
        }
        throw new ReleaseException.Unreachable(address + ": refused the push: " + reason + said + "; is the branch "
                + branch.word() + " open to you?");
    }

    private Publication locked() {
        Optional<Path> folder = address.folder().flatMap(GitFolder::find);
        Optional<String> left = folder.flatMap(there -> GitFolder.leftLock(there, branch, true));
        if (left.isPresent()) {
            return new Publication.Blocked(left.get(), true);
        }
        Matcher named = LOCK.matcher(said);
        String lock = named.find()
                ? named.group(1)
                : folder.flatMap(there ->
                                GitFolder.locks(there, branch, true).stream().findFirst())
                        .map(Path::toString)
                        .orElse(branch.ref() + ".lock in its folder");
        return new Publication.Blocked(address + ": " + GitFolder.locked(branch, lock), false);
    }
}
