package io.visitorcounter.release.config;

import io.visitorcounter.release.hocon.KeyPath;
import io.visitorcounter.release.hocon.Statement;
import io.visitorcounter.release.hocon.Statement.Substitution;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** What references come to once they are resolved: a few lines that double one another would fill any memory, and a long
 *  chain of them any stack. So it is measured before the library resolves. */
final class Expansion {

    private static final long MAX_LENGTH = ConfigSource.MAX_FILE_BYTES;
    private static final long MAX_TOTAL = 1 << 20;
    private static final int MAX_DEPTH = 50;

    private final SourceMap sources;
    private final Map<KeyPath, Size> sizes = new HashMap<>();

    /** An upper bound: of all that could be meant, all together.
     *
     *  @param length in characters
     *  @param depth how many references lead on from one to the next */
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
        // A circle is found when references are resolved; here it counts nothing.
        sizes.put(path, Size.NONE);
        Size size = Size.NONE;
        for (Statement statement : sources.parts(path)) {
            Size before = size;
            KeyPath rest = path.below(statement.path());
            // What an object around the key says of it is a statement of its own.
            size = size.and(new Size(rest.isRoot() ? statement.text().length() : 0, 0));
            for (Substitution reference : statement.references()) {
                boolean back = reference.targets().stream().anyMatch(target -> target.startsWith(statement.path()));
                size = size.and(back ? before : target(reference, rest, depth));
            }
        }
        sizes.put(path, size);
        return size;
    }

    // Of an object that is the value of a key by reference, only what is asked for counts.
    private Size target(Substitution reference, KeyPath rest, int depth) {
        Size target = Size.NONE;
        for (KeyPath path : reference.targets()) {
            target = target.and(size(path.child(rest), depth + 1));
        }
        return new Size(target.length, target.depth + 1);
    }
}
