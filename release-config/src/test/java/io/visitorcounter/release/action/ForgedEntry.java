package io.visitorcounter.release.action;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.visitorcounter.release.CanonicalJson;
import io.visitorcounter.release.Digest;
import io.visitorcounter.release.trust.SigningKey;
import io.visitorcounter.release.trust.StatementBundle;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.function.Consumer;

/** Makes what only somebody with a key, and a program of their own, can: another newest entry, another statement. */
public final class ForgedEntry {

    private ForgedEntry() {}

    /** Changes the newest entry and what the head says of it, so that the chain is whole.
     *
     *  @param files of a ledger
     *  @param path of the newest entry
     *  @param change of its JSON */
    public static void change(NavigableMap<String, byte[]> files, String path, Consumer<ObjectNode> change) {
        byte[] before = Objects.requireNonNull(files.get(path));
        ObjectNode entry = CanonicalJson.parse(path, before);
        change.accept(entry);
        byte[] after = CanonicalJson.bytes(entry);
        files.put(path, after);
        String head = new String(Objects.requireNonNull(files.get("head.json")), StandardCharsets.UTF_8);
        files.put(
                "head.json",
                head.replace(Digest.of(before).text(), Digest.of(after).text()).getBytes(StandardCharsets.UTF_8));
    }

    /** Signs an entry as the tool does, or nearly.
     *
     *  @param files of a ledger
     *  @param path of a release's entry
     *  @param key who signs
     *  @param change what the statement says otherwise */
    public static void sign(
            NavigableMap<String, byte[]> files, String path, SigningKey key, Consumer<ObjectNode> change) {
        byte[] bytes = Objects.requireNonNull(files.get(path));
        ObjectNode entry = CanonicalJson.parse(path, bytes);
        var image = entry.path("releaseImage");
        ObjectNode statement = StatementBundle.statement(
                List.of(
                        new StatementBundle.NamedDigest(path, Digest.of(bytes)),
                        new StatementBundle.NamedDigest(
                                image.path("name").asText(),
                                new Digest(image.path("digest").asText()))),
                EntryStatement.TYPE,
                entry);
        change.accept(statement);
        String folder = path.replace("entry.json", "signatures/");
        files.keySet().removeIf(file -> file.startsWith(folder));
        files.put(folder + key.verifying().id() + Signing.SUFFIX, StatementBundle.sign(statement, key));
    }
}
