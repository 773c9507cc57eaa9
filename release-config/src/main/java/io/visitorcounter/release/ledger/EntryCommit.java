package io.visitorcounter.release.ledger;

import io.visitorcounter.release.CanonicalJson;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.eclipse.jgit.lib.CommitBuilder;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.FileMode;
import org.eclipse.jgit.lib.GpgSignature;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectInserter;
import org.eclipse.jgit.lib.ObjectReader;
import org.eclipse.jgit.lib.PersonIdent;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.treewalk.TreeWalk;
import org.jspecify.annotations.Nullable;

/** The commit that appends one entry: the tree of the one before, the entry with its files, and the head. */
record EntryCommit(Trees trees, Snapshot before) {

    private static final Pattern NAMED = Pattern.compile("([^<>]*[^<>\\s])\\s*<([^<>\\s]+@[^<>\\s]+)>");

    /** {@return the commit, written, which no branch has yet}
     *
     *  @param attempt any number: two writers that decide the same in the same second must not make the same commit, or
     *      both would think it theirs */
    static ObjectId write(Repository git, Snapshot before, Ledger.Draft draft, long attempt) throws IOException {
        try (ObjectInserter inserter = git.newObjectInserter();
                ObjectReader reader = git.newObjectReader()) {
            EntryCommit commit = new EntryCommit(new Trees(inserter, reader), before);
            ObjectId id = commit.insert(draft, commit.tree(draft), attempt);
            inserter.flush();
            return id;
        }
    }

    private ObjectId insert(Ledger.Draft draft, ObjectId tree, long attempt) throws IOException {
        Entry entry = draft.entry();
        Optional<EntrySigner> signer = draft.signer();
        CommitBuilder commit = new CommitBuilder();
        commit.setTreeId(tree);
        ObjectId parent = before.commit();
        if (parent != null) {
            commit.setParentId(parent);
        }
        PersonIdent person = person(entry.audit());
        commit.setAuthor(person);
        commit.setCommitter(person);
        commit.setMessage(message(entry) + "\nAttempt: " + Long.toHexString(attempt) + "\n");
        if (signer.isPresent()) {
            String signature = signer.get().signCommit(commit.build());
            commit.setGpgSignature(new GpgSignature(signature.getBytes(StandardCharsets.US_ASCII)));
        }
        return trees.inserter().insert(commit);
    }

    private ObjectId tree(Ledger.Draft draft) throws IOException {
        Entry entry = draft.entry();
        ObjectId head = blob(CanonicalJson.bytes(EntryRef.to(entry).json()));
        ObjectId tree =
                trees.with(before.tree(), entry.environment().name(), FileMode.TREE, environment(draft, entry.bytes()));
        return trees.with(tree, LedgerLayout.HEAD, FileMode.REGULAR_FILE, head);
    }

    private ObjectId blob(byte[] bytes) throws IOException {
        return trees.inserter().insert(Constants.OBJ_BLOB, bytes);
    }

    private ObjectId environment(Ledger.Draft draft, byte[] bytes) throws IOException {
        Entry entry = draft.entry();
        String environment = entry.environment().name();
        String[] path = entry.path().split("/", -1);
        SortedMap<String, byte[]> files = new TreeMap<>();
        SortedMap<String, byte[]> beside = new TreeMap<>();
        // An endorsement is a file in a list, so its files go into the folder of its number.
        (entry instanceof Endorsement ? beside : files).putAll(draft.files());
        files.put(path[2], bytes);
        ObjectId folder;
        if (entry instanceof Release) {
            // Only its own files: a folder that was already there belongs to no release.
            signatures(draft).forEach((name, signature) -> files.put(LedgerLayout.SIGNATURES + "/" + name, signature));
            folder = trees.write(files);
        } else {
            folder = subtree(environment + "/" + path[1]);
            for (Map.Entry<String, byte[]> file : files.entrySet()) {
                folder = trees.with(folder, file.getKey(), FileMode.REGULAR_FILE, blob(file.getValue()));
            }
            signatures(draft).forEach((name, signature) -> beside.put(LedgerLayout.SIGNATURES + "/" + name, signature));
            if (!beside.isEmpty()) {
                String name = path[2].substring(0, path[2].indexOf('.'));
                folder = trees.with(folder, name, FileMode.TREE, trees.write(beside));
            }
        }
        return trees.with(subtree(environment), path[1], FileMode.TREE, Objects.requireNonNull(folder));
    }

    private static SortedMap<String, byte[]> signatures(Ledger.Draft draft) {
        return draft.signer().map(signer -> signer.sign(draft.entry())).orElseGet(TreeMap::new);
    }

    private @Nullable ObjectId subtree(String path) throws IOException {
        ObjectId tree = before.tree();
        if (tree == null) {
            return null;
        }
        try (TreeWalk walk = TreeWalk.forPath(trees.reader(), path, tree)) {
            return walk == null ? null : walk.getObjectId(0);
        }
    }

    // In git's form of name and address, if given so: forges show a signature as good only with its owner's address.
    private static PersonIdent person(Entry.Audit audit) {
        Matcher named = NAMED.matcher(audit.by());
        return named.matches()
                ? new PersonIdent(named.group(1), named.group(2), audit.at(), ZoneOffset.UTC)
                : new PersonIdent(audit.by(), "", audit.at(), ZoneOffset.UTC);
    }

    private static String message(Entry entry) {
        String subject = entry.environment() + ": ";
        if (entry instanceof Release release) {
            String from = release.from().map(id -> " from " + id.label()).orElse("");
            subject = release.id().label() + ": " + release.origin().word() + from;
        } else if (entry instanceof Freeze freeze) {
            subject += freeze.frozen() ? "frozen" : "unfrozen";
        } else if (entry instanceof Approval approval) {
            subject += "approval of app " + approval.subject().appImage().shortText() + " with bundle "
                    + approval.subject().bundle().shortText();
        } else if (entry instanceof Endorsement endorsement) {
            subject += "endorsement of " + endorsement.subject().path();
        } else if (entry instanceof Deployment deployment) {
            subject = deployment.label() + ": " + deployment.subject().release().label() + " to "
                    + deployment.place().where();
        } else if (entry instanceof DeploymentEnd end) {
            subject += "deployment " + end.number() + ": " + end.result().word();
        }
        return subject + entry.audit().why().map(why -> "\n\n" + why + "\n").orElse("\n");
    }
}
