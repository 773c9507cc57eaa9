package io.visitorcounter.release.config;

import io.visitorcounter.release.hocon.KeyPath;
import io.visitorcounter.release.hocon.Statement;
import io.visitorcounter.release.hocon.Statement.Substitution;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Bounds the size of resolved references, before the library resolves them: a few lines that each double the one
 *  before would fill any memory, and a long chain any stack. */
final class Expansion {

    private static final long MAX_LENGTH = ConfigSource.MAX_FILE_BYTES;
    private static final long MAX_TOTAL = 1 << 20;
    private static final int MAX_DEPTH = 50;

    private final SourceMap sources;
    private final Map<KeyPath, Size> sizes = new HashMap<>();

    /** An upper bound: the sum over all possible targets.
     *
     *  @param length in characters
     *  @param depth the length of the longest chain of references */
    private record Size(long length, int depth) {

        static final Size NONE = new Size(0, 0);

        Size and(Size other) {
            return new Size(Math.min(MAX_LENGTH + 1, length + other.length), Math.max(depth, other.depth));
        }
    }

    private Expansion(SourceMap sources) {
        this.sources = sources;
    }

    /** What is wrong with the first statement whose value gets too long or refers too far. */
    static Optional<ConfigFault> excess(SourceMap sources) {
        Expansion expansion = new Expansion(sources);
        long total = 0;
        for (Statement statement : sources.history()) {
            Size size = statement.references().isEmpty() ? Size.NONE : expansion.size(statement.path(), 0);
            if (size.depth > MAX_DEPTH) {
                return Optional.of(sources.fault(
                        Optional.of(statement), "references are chained more than " + MAX_DEPTH + " times"));
            } else if (size.length > MAX_LENGTH) {
                return Optional.of(sources.fault(
                        Optional.of(statement), "references make it longer than " + MAX_LENGTH + " characters"));
            }
            total += size.length;
            if (total > MAX_TOTAL) {
                return Optional.of(sources.fault(
                        Optional.of(statement),
                        "references make all values together longer than " + MAX_TOTAL + " characters"));
            }
        }
        return Optional.empty();
    }

    private Size size(KeyPath path, int depth) {
        Size known = sizes.get(path);
        if (known != null) {
            return known;
        } else if (depth > MAX_DEPTH) {
            return new Size(0, 1);
        }
        // Resolving reports a cycle; here it counts as nothing.
        sizes.put(path, Size.NONE);
        Size size = Size.NONE;
        for (Statement statement : sources.parts(path)) {
            Size before = size;
            KeyPath rest = path.below(statement.path());
            // What an enclosing object says about the key is a separate statement.
            size = size.and(new Size(rest.isRoot() ? statement.text().length() : 0, 0));
            for (Substitution reference : statement.references()) {
                boolean back = reference.targets().stream().anyMatch(target -> target.startsWith(statement.path()));
                size = size.and(back ? before : target(reference, rest, depth));
            }
        }
        sizes.put(path, size);
        return size;
    }

    // If a key's value is an object by reference, only the requested part counts.
    private Size target(Substitution reference, KeyPath rest, int depth) {
        Size target = Size.NONE;
        for (KeyPath path : reference.targets()) {
            target = target.and(size(path.child(rest), depth + 1));
        }
        return new Size(target.length, target.depth + 1);
    }
}
