package io.visitorcounter.release.cli;

import static io.visitorcounter.release.cli.LedgerDamage.HEAD;
import static io.visitorcounter.release.cli.LedgerDamage.V2;
import static io.visitorcounter.release.cli.LedgerDamage.append;
import static io.visitorcounter.release.cli.LedgerDamage.bytes;
import static io.visitorcounter.release.cli.LedgerDamage.config;
import static io.visitorcounter.release.cli.LedgerDamage.copyRef;
import static io.visitorcounter.release.cli.LedgerDamage.delete;
import static io.visitorcounter.release.cli.LedgerDamage.edit;
import static io.visitorcounter.release.cli.LedgerDamage.head;
import static io.visitorcounter.release.cli.LedgerDamage.lock;
import static io.visitorcounter.release.cli.LedgerDamage.packRefs;
import static io.visitorcounter.release.cli.LedgerDamage.read;
import static io.visitorcounter.release.cli.LedgerDamage.text;
import static io.visitorcounter.release.cli.LedgerDamage.write;

import io.visitorcounter.release.ledger.TamperedLedger;
import java.nio.file.Path;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** The states in which a ledger may be found, each made of a ledger with two releases of dev. */
final class LedgerStates {

    private static final String SEEN = "was seen here before";

    private LedgerStates() {}

    /** A state.
     *
     *  @param name of it
     *  @param change makes it, of a ledger with two releases
     *  @param fresh what a fresh machine's create says
     *  @param seen what it says where both releases were seen
     *  @param verify the exit code of a fresh machine's verify --all before it */
    record State(String name, Consumer<Path> change, Said fresh, Said seen, int verify) {

        @Override
        public String toString() {
            return name;
        }
    }

    record Said(int code, String text) {}

    private static State state(String name, Consumer<Path> change, int code, String text, int verify) {
        return new State(name, change, new Said(code, text), new Said(code, text), verify);
    }

    private static State good(String name, Consumer<Path> change) {
        return state(name, change, 0, "dev v3", 0);
    }

    static Stream<State> states() {
        return Stream.of(healthy(), lost(), damaged(), foreign(), formats(), locks(), places())
                .flatMap(states -> states);
    }

    private static Stream<State> healthy() {
        return Stream.of(
                good("untouched", ledger -> {}),
                good("packed refs", LedgerDamage::packRefs),
                good("a tag of the branch's name", ledger -> copyRef(ledger, "refs/tags/releases")),
                good("another branch beside it", ledger -> copyRef(ledger, "refs/heads/main")),
                good("an old place of the branch in packed refs", ledger -> {
                    String commit = read(ledger.resolve("refs/heads/releases"));
                    packRefs(ledger);
                    write(ledger.resolve("refs/heads/releases"), commit + "\n");
                    write(
                            ledger.resolve("packed-refs"),
                            read(ledger.resolve("packed-refs")).replace(commit, "1".repeat(40)) + "\n");
                }),
                good("the branch leads to another", ledger -> {
                    copyRef(ledger, "refs/heads/main");
                    write(ledger.resolve("refs/heads/releases"), "ref: refs/heads/main\n");
                }),
                good(
                        "shallow: the first commit's parent is cut",
                        ledger -> write(ledger.resolve("shallow"), read(ledger.resolve("refs/heads/releases")) + "\n")),
                good("taken back and put back again", ledger -> {
                    TamperedLedger.revert(ledger);
                    TamperedLedger.revert(ledger);
                }),
                state("a file merged in", ledger -> TamperedLedger.merge(ledger, "README"), 0, "dev v3", 5),
                state(
                        "an older entry edited",
                        ledger -> edit(ledger, "dev/000001/entry.json", text -> text.replace("Ada", "Eve")),
                        0,
                        "dev v3",
                        5));
    }

    private static Stream<State> lost() {
        return Stream.of(
                new State(
                        "emptied: the branch is gone",
                        ledger -> delete(ledger.resolve("refs/heads/releases")),
                        new Said(0, "dev v1"),
                        new Said(5, SEEN),
                        9),
                new State(
                        "cut off by a force-push",
                        ledger -> TamperedLedger.truncate(ledger, 1),
                        new Said(0, "dev v2"),
                        new Said(5, SEEN),
                        0),
                new State(
                        "taken back by git revert",
                        TamperedLedger::revert,
                        new Said(5, "was taken back by commit"),
                        new Said(5, SEEN),
                        5),
                new State(
                        "taken back, and a file on top",
                        ledger -> {
                            TamperedLedger.revert(ledger);
                            TamperedLedger.change(ledger, files -> files.put("README", bytes("hello")));
                        },
                        new Said(5, "was taken back by commit"),
                        new Said(5, SEEN),
                        5),
                new State(
                        "taken back, and another v2 appended by a tool that does not look",
                        ledger -> {
                            NavigableMap<String, byte[]> second = new TreeMap<>();
                            TamperedLedger.change(ledger, second::putAll);
                            TamperedLedger.truncate(ledger, 1);
                            TamperedLedger.revert(ledger);
                            TamperedLedger.change(ledger, files -> {
                                files.putAll(second);
                                String other = text(files, V2).replace("Ada", "Eve");
                                files.put(V2, bytes(other));
                                files.put(HEAD, bytes(head(files, 2, V2)));
                            });
                        },
                        new Said(0, "dev v3"),
                        new Said(5, SEEN),
                        5));
    }

    private static Stream<State> damaged() {
        return Stream.of(
                new State(
                        "head.json deleted",
                        ledger -> TamperedLedger.change(ledger, files -> files.remove(HEAD)),
                        new Said(5, "was taken back by commit"),
                        new Said(5, SEEN),
                        5),
                state(
                        "head.json is garbage",
                        ledger -> edit(ledger, HEAD, text -> "garbage"),
                        5,
                        "head.json: expected a JSON object, broken at line 1; see git log -p releases -- head.json, and"
                                + " take that commit back with git revert",
                        5),
                new State(
                        "head.json is a folder",
                        ledger -> TamperedLedger.change(ledger, files -> {
                            files.remove(HEAD);
                            files.put(HEAD + "/x", bytes("hello"));
                        }),
                        new Said(5, "head.json: expected a file of at most 1048576 bytes, got a folder"),
                        new Said(5, SEEN),
                        5),
                state(
                        "head.json is larger than any",
                        ledger -> edit(ledger, HEAD, text -> text + " ".repeat(2 << 20)),
                        5,
                        "head.json: expected a file of at most 1048576 bytes, got 2097",
                        5),
                state(
                        "the newest entry is larger than any",
                        ledger -> edit(ledger, V2, text -> text + " ".repeat(17 << 20)),
                        5,
                        "dev/000002/entry.json: expected at most 16777216 bytes, got 17826",
                        5),
                new State(
                        "head.json of a larger number",
                        ledger -> edit(ledger, HEAD, text -> text.replace("\"sequence\": 2", "\"sequence\": 7")),
                        new Said(5, "says that the newest entry is number 7, and it is number 2; nothing was appended"),
                        new Said(5, "says that the newest entry is number 7, and it is number 2; nothing was appended"),
                        5),
                new State(
                        "the newest entry edited",
                        ledger -> edit(ledger, V2, text -> text.replace("Ada", "Eve")),
                        new Said(5, "the newest entry has other bytes than head.json says"),
                        new Said(5, SEEN),
                        5),
                new State(
                        "the newest entry deleted",
                        ledger -> TamperedLedger.change(ledger, files -> files.remove(V2)),
                        new Said(5, "dev/000002/entry.json: expected an entry, got none; see git log -p releases --"),
                        new Said(5, SEEN),
                        5),
                state(
                        "an object of the newest commit is missing",
                        ledger -> {
                            String commit = read(ledger.resolve("refs/heads/releases"));
                            delete(ledger.resolve("objects/" + commit.substring(0, 2) + "/" + commit.substring(2)));
                        },
                        5,
                        "the repository is damaged",
                        5),
                state(
                        "an object of the newest commit is garbage",
                        ledger -> {
                            String commit = read(ledger.resolve("refs/heads/releases"));
                            write(
                                    ledger.resolve("objects/" + commit.substring(0, 2) + "/" + commit.substring(2)),
                                    "garbage");
                        },
                        5,
                        "the repository is damaged",
                        5),
                new State(
                        "the branch leads to a file",
                        ledger -> write(
                                ledger.resolve("refs/heads/releases"),
                                TamperedLedger.id(ledger, "refs/heads/releases:head.json") + "\n"),
                        new Said(5, "the repository is damaged"),
                        new Said(5, "the repository is damaged"),
                        5),
                state(
                        "objects of a repository that is gone",
                        ledger -> {
                            delete(ledger.resolve("objects"));
                            write(ledger.resolve("objects/info/alternates"), "/nowhere/objects\n");
                        },
                        5,
                        "the repository is damaged",
                        5),
                state(
                        "the branch's file is garbage",
                        ledger -> write(ledger.resolve("refs/heads/releases"), "garbage\n"),
                        7,
                        "refs/heads/releases is damaged; put the newest commit back with git update-ref",
                        7));
    }

    private static Stream<State> foreign() {
        return Stream.of(
                new State(
                        "a branch of something else",
                        ledger -> TamperedLedger.replace(ledger, new TreeMap<>(Map.of("README", bytes("hello")))),
                        new Said(5, "so it is not one of a ledger; nothing was appended"),
                        new Said(5, SEEN),
                        5),
                new State(
                        "a branch with an environment's folder of something else",
                        ledger -> TamperedLedger.replace(ledger, new TreeMap<>(Map.of("prod/x", bytes("hello")))),
                        new Said(5, "no head.json, which a ledger has; nothing was appended"),
                        new Said(5, SEEN),
                        5));
    }

    private static Stream<State> formats() {
        return Stream.of(
                state(
                        "git's sha256 format",
                        ledger -> config(
                                ledger,
                                "[core]\n\trepositoryformatversion = 1\n[extensions]\n\tobjectformat = sha256\n"),
                        7,
                        "is in git's sha256 format, which this tool can't use; make one with git init"
                                + " --object-format=sha1",
                        7),
                state(
                        "an extension of git that nobody knows yet",
                        ledger -> config(
                                ledger, "[core]\n\trepositoryformatversion = 1\n[extensions]\n\tnovelty = true\n"),
                        7,
                        "has git's extension novelty, which this tool does not know",
                        7),
                state(
                        "a newer tool's entry",
                        ledger -> append(ledger, text -> text.replace("/v1\"", "/v2\"")),
                        7,
                        "made by a newer release tool; update this one",
                        7),
                state(
                        "a newer tool's field",
                        ledger -> append(ledger, text -> text.replace("\"what\":", "\"mood\": \"good\",\n  \"what\":")),
                        7,
                        "mood: not a field that this tool knows: made by a newer release tool; update this one",
                        7),
                state(
                        "an entry of another tool",
                        ledger -> append(ledger, text -> text.replace("release.visitorcounter.io/v1", "other/v1")),
                        5,
                        "apiVersion: expected release.visitorcounter.io/v1, got another",
                        5));
    }

    private static Stream<State> locks() {
        return Stream.of(
                new State(
                        "the branch's lock was left",
                        ledger -> lock(ledger, "refs/heads/releases.lock"),
                        new Said(7, "refs/heads/releases.lock: is there since "),
                        new Said(7, "if nobody writes to the ledger, delete it; nothing was released"),
                        0),
                good("HEAD's lock was left", ledger -> lock(ledger, "HEAD.lock")),
                good("the packed refs' lock was left", ledger -> lock(ledger, "packed-refs.lock")),
                good("the config's lock was left", ledger -> lock(ledger, "config.lock")),
                good("the shallow file's lock was left", ledger -> lock(ledger, "shallow.lock")),
                good("the lock of a garbage collection was left", ledger -> lock(ledger, "gc.pid")),
                new State(
                        "a branch releases/x is in the way",
                        ledger -> {
                            copyRef(ledger, "refs/heads/spare");
                            delete(ledger.resolve("refs/heads/releases"));
                            copyRef(ledger, "refs/heads/spare", "refs/heads/releases/x");
                        },
                        new Said(7, "the branch releases/x is in the way of the branch releases; rename or delete it"),
                        new Said(5, SEEN),
                        9));
    }

    private static Stream<State> places() {
        return Stream.of(
                state(
                        "checked out in a repository that is not bare",
                        ledger -> config(ledger, "[core]\n\trepositoryformatversion = 0\n\tbare = false\n"),
                        7,
                        "the branch releases is checked out in",
                        0),
                state(
                        "checked out in a linked work tree",
                        ledger -> write(ledger.resolve("worktrees/side/HEAD"), "ref: refs/heads/releases\n"),
                        7,
                        "is checked out in its work tree side",
                        0),
                new State(
                        "a clone, which has the branch only as origin's",
                        ledger -> {
                            copyRef(ledger, "refs/remotes/origin/releases");
                            delete(ledger.resolve("refs/heads/releases"));
                            config(
                                    ledger,
                                    "[core]\n\tbare = false\n[remote \"origin\"]\n\turl ="
                                            + " https://bob:secret@git.example/l.git\n");
                        },
                        new Said(
                                7,
                                "is a clone, which has the ledger's branch only as origin/releases; name"
                                        + " https://bob:***@git.example/l.git with --ledger"),
                        new Said(7, "is a clone"),
                        7),
                state(
                        "a repository without HEAD",
                        ledger -> delete(ledger.resolve("HEAD")),
                        7,
                        "expected a git repository as the ledger, got another folder",
                        7),
                state(
                        "no repository",
                        ledger -> delete(ledger.resolve("objects")),
                        7,
                        "expected a git repository as the ledger, got another folder",
                        7),
                state("gone", LedgerDamage::delete, 7, "no such ledger; create it with git init --bare", 7),
                state(
                        "a file",
                        ledger -> {
                            delete(ledger);
                            write(ledger, "hello");
                        },
                        7,
                        "expected a git repository as the ledger, got a file",
                        7));
    }
}
