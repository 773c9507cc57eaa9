package io.visitorcounter.release.ledger;

import io.visitorcounter.release.ReleaseException;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.eclipse.jgit.revwalk.RevCommit;

/** The commit that added an entry to the ledger.
 *
 *  @param id 12 digits of its id
 *  @param signature in its header, armoured; empty if it has none
 *  @param signed the signed bytes: the commit without the signature */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record AppendingCommit(String id, Optional<String> signature, byte[] signed) {

    private static final int SHOWN_DIGITS = 12;
    private static final String HEADER = "gpgsig";

    /** {@return the commits of a history, by the path of the entry that each appended}
     *
     *  @throws ReleaseException.VerificationFailed if the repository is damaged */
    public static Map<String, AppendingCommit> all(Snapshot history) {
        Map<String, AppendingCommit> commits = new HashMap<>();
        // The walk goes back in time: of several commits with the same head, the last one found appended it.
        EarlierHeads.each(history, (commit, head) -> commits.put(head.path(), of(commit)));
        return commits;
    }

    private static AppendingCommit of(RevCommit commit) {
        byte[] signature = commit.getRawGpgSignature();
        return new AppendingCommit(
                commit.abbreviate(SHOWN_DIGITS).name(),
                Optional.ofNullable(signature).map(bytes -> new String(bytes, StandardCharsets.ISO_8859_1)),
                withoutSignature(commit.getRawBuffer()));
    }

    // A header continues on lines that begin with a space; an empty line ends the headers.
    private static byte[] withoutSignature(byte[] commit) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(commit.length);
        boolean inHeaders = true;
        boolean inSignature = false;
        for (int from = 0; from < commit.length; ) {
            int end = from;
            while (end < commit.length && commit[end] != '\n') {
                end++;
            }
            end = Math.min(end + 1, commit.length);
            String line =
                    new String(commit, from, Math.min(end - from, HEADER.length() + 1), StandardCharsets.US_ASCII);
            inSignature = inHeaders && (inSignature ? line.startsWith(" ") : line.startsWith(HEADER + " "));
            inHeaders &= end - from > 1;
            if (!inSignature) {
                out.write(commit, from, end - from);
            }
            from = end;
        }
        return out.toByteArray();
    }
}
