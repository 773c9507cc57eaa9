package io.visitorcounter.release.ledger;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.FileMode;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectInserter;
import org.eclipse.jgit.lib.ObjectReader;
import org.eclipse.jgit.lib.TreeFormatter;
import org.eclipse.jgit.treewalk.CanonicalTreeParser;
import org.eclipse.jgit.util.Paths;
import org.jspecify.annotations.Nullable;

/** Git trees, written one level at a time: an append touches the few trees above the new entry, however long the
 *  history is. */
record Trees(ObjectInserter inserter, ObjectReader reader) {

    private record NamedObject(String name, FileMode mode, ObjectId id) {

        // Git sorts names by bytes, and a folder's as if it ended with a slash.
        byte[] sortKey() {
            return (mode == FileMode.TREE ? name + "/" : name).getBytes(StandardCharsets.UTF_8);
        }
    }

    /** {@return a new tree with these files}
     *
     *  @param files bytes by path, folders separated by slashes */
    ObjectId write(SortedMap<String, byte[]> files) throws IOException {
        List<NamedObject> items = new ArrayList<>();
        SortedMap<String, SortedMap<String, byte[]>> folders = new TreeMap<>();
        for (Map.Entry<String, byte[]> file : files.entrySet()) {
            int slash = file.getKey().indexOf('/');
            if (slash < 0) {
                ObjectId blob = inserter.insert(Constants.OBJ_BLOB, file.getValue());
                items.add(new NamedObject(file.getKey(), FileMode.REGULAR_FILE, blob));
            } else {
                folders.computeIfAbsent(file.getKey().substring(0, slash), name -> new TreeMap<>())
                        .put(file.getKey().substring(slash + 1), file.getValue());
            }
        }
        for (Map.Entry<String, SortedMap<String, byte[]>> folder : folders.entrySet()) {
            items.add(new NamedObject(folder.getKey(), FileMode.TREE, write(folder.getValue())));
        }
        return insert(items);
    }

    /** {@return a copy of the tree with this object under this name}
     *
     *  @param tree null for an empty one */
    ObjectId with(@Nullable ObjectId tree, String name, FileMode mode, ObjectId id) throws IOException {
        byte[] key = name.getBytes(StandardCharsets.UTF_8);
        TreeFormatter formatter = new TreeFormatter();
        boolean placed = false;
        // Works on bytes: a folder of a long history has many thousand names.
        if (tree != null) {
            CanonicalTreeParser parser = GitObjects.tree(reader, tree);
            for (; !parser.eof(); parser.next()) {
                byte[] path = parser.getEntryPathBuffer();
                int length = parser.getEntryPathLength();
                int order =
                        Paths.compare(key, 0, key.length, mode.getBits(), path, 0, length, parser.getEntryRawMode());
                if (order <= 0 && !placed) {
                    formatter.append(name, mode, id);
                    placed = true;
                }
                if (order != 0) {
                    formatter.append(path, 0, length, parser.getEntryFileMode(), parser.idBuffer(), parser.idOffset());
                }
            }
        }
        if (!placed) {
            formatter.append(name, mode, id);
        }
        return inserter.insert(formatter);
    }

    private ObjectId insert(List<NamedObject> items) throws IOException {
        items.sort((a, b) -> Arrays.compareUnsigned(a.sortKey(), b.sortKey()));
        TreeFormatter formatter = new TreeFormatter();
        items.forEach(item -> formatter.append(item.name(), item.mode(), item.id()));
        return inserter.insert(formatter);
    }
}
