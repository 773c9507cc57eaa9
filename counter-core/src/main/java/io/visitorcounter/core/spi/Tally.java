package io.visitorcounter.core.spi;

import io.visitorcounter.core.CounterValue;
import org.jspecify.annotations.Nullable;

/** What a store holds for one counter, and how it changes. The Redis scripts do the same arithmetic.
 *
 *  @param value the stored value
 *  @param generation the stored generation
 *  @param top the highest value that was reached in this generation; a value below it means a reset or a loss */
public record Tally(long value, long generation, long top) {

    /** A counter that was never visited. */
    public static final Tally NONE = new Tally(0, 0, 0);

    /** {@return why visits can't be added, or null if they can}
     *
     *  @param visits how many; 0 to check only the stored state */
    public @Nullable String objection(int visits) {
        if (value < 0 || value > CounterValue.MAX || generation < 0 || top < 0) {
            return "expected a value of 0.." + CounterValue.MAX + ", a generation and a top of at least 0, got " + value
                    + ", " + generation + " and " + top + "; correct or delete it";
        }
        return visits > CounterValue.MAX - value ? "the value can't grow beyond " + CounterValue.MAX : null;
    }

    /** {@return the regression if the stored value is behind what was acknowledged, else null}
     *
     *  @param known what the process saw acknowledged */
    public Outcome.@Nullable Regression regression(CounterValue known) {
        long expected = known.generation() == generation ? Math.max(top, known.value()) : top;
        if (generation < known.generation()) {
            return new Outcome.Regression(known.value(), value);
        }
        return value < expected ? new Outcome.Regression(expected, value) : null;
    }

    /** {@return the tally with this many more visits}
     *
     *  @param visits at least 1
     *  @param known as in {@link #regression} */
    public Tally plus(int visits, CounterValue known) {
        long total = Math.addExact(value, visits);
        return new Tally(total, generationFor(known), total);
    }

    /** {@return the tally with another value, in a new generation}
     *
     *  @param changed the new value
     *  @param known as in {@link #regression} */
    public Tally changedTo(long changed, CounterValue known) {
        return new Tally(changed, Math.max(generation, known.generation()) + 1, changed);
    }

    /** {@return the value for a reader; if it went backwards, it already belongs to the generation that the next visit
     *  begins}
     *
     *  @param known as in {@link #regression} */
    public CounterValue seen(CounterValue known) {
        return new CounterValue(value, generationFor(known));
    }

    private long generationFor(CounterValue known) {
        return regression(known) == null ? generation : Math.max(generation, known.generation()) + 1;
    }
}
