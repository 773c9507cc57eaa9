package io.visitorcounter.web.log;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class GarbageWatchTest {

    private final GarbageWatch watch = new GarbageWatch();
    private long now;
    private long collected;

    /** Two seconds later.
     *
     *  @param collecting of them, in ms
     *  @param inUse the part of the heap */
    private boolean isOver(long collecting, double inUse) {
        now += 2000;
        collected += collecting;
        return watch.isOver(collected, now, inUse);
    }

    @Test
    void aFullHeapThatIsCollectedForTwentySecondsIsTheEnd() {
        for (int i = 0; i < 9; i++) {
            assertThat(isOver(1900, 0.8)).isFalse();
        }
        assertThat(isOver(1900, 0.8)).isTrue();
    }

    @Test
    void aPeakThatPassesIsNot() {
        for (int i = 0; i < 50; i++) {
            assertThat(isOver(i % 10 == 9 ? 1000 : 2000, 0.99)).isFalse();
        }
    }

    @Test
    void aHeapThatHasRoomIsNot() {
        for (int i = 0; i < 50; i++) {
            assertThat(isOver(2000, 0.5)).isFalse();
        }
    }

    @Test
    void aFullHeapOfWhichMuchIsGarbageIsNot() {
        for (int i = 0; i < 50; i++) {
            assertThat(isOver(200, 0.99)).isFalse();
        }
    }
}
