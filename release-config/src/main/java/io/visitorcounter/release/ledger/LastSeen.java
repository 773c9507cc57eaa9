package io.visitorcounter.release.ledger;

import io.visitorcounter.release.CanonicalJson;
import io.visitorcounter.release.Digest;
import io.visitorcounter.release.ReleaseException;
import io.visitorcounter.release.Scratch;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;

/** The newest entry that this machine has seen of a ledger. A history that does not hold it any more was truncated or
 *  rewritten, which the history itself can't tell.
 *
 *  @param folder of all ledgers that were seen
 *  @param ledger which one: its real address, so that two of one relative path are two
 *  @param readOnly whether nothing is remembered */
record LastSeen(Path folder, String ledger, boolean readOnly) {

    private Path file() {
        return folder.resolve(Digest.of(ledger.getBytes(StandardCharsets.UTF_8)).shortText() + ".json");
    }

    /** Throws unless the history has the entry that was seen before, then records its newest entry.
     *
     *  @param seen the entry that was seen; must be read before the history, or an append in between looks like a
     *      loss */
    void check(Optional<EntryRef> seen, Snapshot history) {
        Optional<EntryRef> head = history.head();
        long newestNumber = head.map(EntryRef::sequence).orElse(0L);
        if (seen.isPresent()) {
            EntryRef before = seen.get();
            Optional<Digest> now = history.file(before.path()).map(Digest::of);
            if (newestNumber < before.sequence()) {
                throw changed(
                        history, before, "its newest is number " + newestNumber + " now, so entries were removed");
            }
            if (!now.equals(Optional.of(before.digest()))) {
                throw changed(history, before, now.isPresent() ? "it has other bytes now" : "it is gone");
            }
        }
        // A head that does not match its entry is damage, reported when the entry is read; it is not recorded as seen.
        head.filter(newest -> history.file(newest.path()).map(Digest::of).equals(Optional.of(newest.digest())))
                .ifPresent(this::remember);
    }

    /** Records an entry, unless a newer one was seen. */
    void remember(EntryRef entry) {
        if (!readOnly && entry.sequence() > read().map(EntryRef::sequence).orElse(0L)) {
            write(entry);
        }
    }

    private ReleaseException changed(Snapshot history, EntryRef seen, String now) {
        return new ReleaseException.VerificationFailed(history + ": " + seen.path() + ": entry number "
                + seen.sequence() + " was seen here before, and " + now + "; if that was meant, delete " + file());
    }

    /** {@return the newest entry seen on this machine} */
    Optional<EntryRef> read() {
        Path file = file();
        try {
            return Optional.of(EntryRef.read(file.toString(), Files.readAllBytes(file)));
        } catch (ReleaseException.VerificationFailed e) {
            throw new ReleaseException.VerificationFailed(e.getMessage()
                    + "; it says which entry was seen here last: delete it, and see release" + " verify --all");
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw new ReleaseException.Unreachable(file + ": can't be read: " + ReleaseException.reason(e), e);
        }
    }

    private void write(EntryRef head) {
        try (Scratch scratch = Scratch.in(folder)) {
            Path made = Files.write(scratch.resolve("seen"), CanonicalJson.bytes(head.json()));
            Scratch.putInPlace(made, file());
        } catch (IOException e) {
            // A reader may have no right to write here; it only loses this safeguard.
            return;
        }
    }
}
