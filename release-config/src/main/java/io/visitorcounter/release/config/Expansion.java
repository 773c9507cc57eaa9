package io.visitorcounter.release.config;

import io.visitorcounter.release.hocon.KeyPath;
import io.visitorcounter.release.hocon.Outline;
import io.visitorcounter.release.hocon.Statement;
import io.visitorcounter.release.hocon.Statement.Substitution;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Bounds the size of resolved references, before the library resolves them: a few lines that each double the one
 *  before would fill any memory, and a long chain, or lists within lists, any stack. */
final class Expansion {

    private static final long MAX_LENGTH = ConfigSource.MAX_FILE_BYTES;
    static final long MAX_TOTAL = 1 << 20;
    static final int MAX_DEPTH = 100;
    private static final int MAX_LEVELS = Outline.MAX_DEPTH;

    private final SourceMap sources;
    private final Map<KeyPath, Size> sizes = new HashMap<>();

    /** An upper bound: the sum over all possible targets.
     *
     *  @param length in characters
     *  @param depth the length of the longest chain of references
     *  @param levels how far references nest lists and objects */
    private record Size(long length, int depth, int levels) {

        static final Size NONE = new Size(0, 0, 0);

        static Size ofText(int length) {
            return new Size(length, 0, 0);
        }

        Size and(Size other) {
            return new Size(
                    Math.min(MAX_LENGTH + 1, length + other.length),
                    Math.max(depth, other.depth),
                    Math.max(levels, other.levels));
        }

        Size withoutLength() {
            return new Size(0, depth, levels);
        }

        Size within(int more) {
            return new Size(length, depth, levels + more);
        }

        /** What is too much; empty if nothing is. */
        Optional<String> excess() {
            if (depth > MAX_DEPTH) {
                return Optional.of("references are chained more than " + MAX_DEPTH + " times");
            } else if (levels > MAX_LEVELS) {
                return Optional.of("references nest it deeper than " + MAX_LEVELS);
            }
            return length > MAX_LENGTH
                    ? Optional.of("references make it longer than " + MAX_LENGTH + " characters")
                    : Optional.empty();
        }
    }

    /** What a reference puts into a key.
     *
     *  @param targets the keys that the reference can mean
     *  @param path where it is put */
    private record Inserted(List<KeyPath> targets, KeyPath path) {}

    private Expansion(SourceMap sources) {
        this.sources = sources;
    }

    /** What is wrong with the first statement whose value gets too long or too deep, or refers too far. */
    static Optional<ConfigFault> excess(SourceMap sources) {
        Expansion expansion = new Expansion(sources);
        long total = 0;
        for (Statement statement : sources.history()) {
            Size size = statement.references().isEmpty() ? Size.NONE : expansion.size(statement.path(), 0);
            total += size.length;
            Optional<String> excess = size.excess();
            if (excess.isEmpty() && total > MAX_TOTAL) {
                excess = Optional.of("references make all values together longer than " + MAX_TOTAL + " characters");
            }
            if (excess.isPresent()) {
                return Optional.of(sources.fault(Optional.of(statement), excess.get()));
            }
        }
        return Optional.empty();
    }

    private Size size(KeyPath path, int depth) {
        Size known = sizes.get(path);
        if (known != null) {
            return known;
        } else if (depth > MAX_DEPTH) {
            return new Size(0, 1, 0);
        }
        // Resolving reports a cycle; here it counts as nothing.
        sizes.put(path, Size.NONE);
        Size size = Size.NONE;
        Map<Inserted, Integer> added = new HashMap<>();
        for (Statement statement : sources.parts(path)) {
            Size before = size;
            KeyPath rest = path.below(statement.path());
            int below = Math.max(
                    0, statement.path().elements().size() - path.elements().size());
            boolean builds = statement.kind() == Statement.Kind.APPEND
                    || statement.references().stream().anyMatch(reference -> isWithin(statement, reference));
            // What an enclosing object says about the key is a separate statement.
            size = size.and(Size.ofText(rest.isRoot() ? statement.text().length() : 0));
            Map<Inserted, Integer> here = new HashMap<>();
            for (Substitution reference : statement.references()) {
                Inserted value = new Inserted(reference.targets(), statement.path());
                int count = here.merge(value, 1, Integer::sum);
                boolean isItself = reference.targets().contains(statement.path());
                // The earlier value is replaced, or merged with itself: only a second copy makes the value longer. So
                // it
                // is with a value that an earlier statement referred to as often.
                boolean isThere =
                        isItself ? count == 1 && below == 0 : !builds && count <= added.getOrDefault(value, 0);
                Size more = (isWithin(statement, reference) ? before : target(reference, rest, depth))
                        .within(below + reference.levels());
                size = size.and(isThere ? more.withoutLength() : more);
            }
            here.forEach((value, count) -> added.merge(value, count, Math::max));
        }
        sizes.put(path, size);
        return size;
    }

    private static boolean isWithin(Statement statement, Substitution reference) {
        return reference.targets().stream().anyMatch(target -> target.startsWith(statement.path()));
    }

    // If a key's value is an object by reference, only the requested part counts.
    private Size target(Substitution reference, KeyPath rest, int depth) {
        Size target = Size.NONE;
        for (KeyPath path : reference.targets()) {
            target = target.and(size(path.child(rest), depth + 1));
        }
        return new Size(target.length, target.depth + 1, target.levels);
    }
}
