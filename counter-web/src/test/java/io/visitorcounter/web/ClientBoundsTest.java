package io.visitorcounter.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.visitorcounter.web.ClientBounds.ProcessMemory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** That the bounds of clients together fit into what there is. */
class ClientBoundsTest {

    private static final long KIB = 1024;
    private static final long MIB = 1024 * KIB;

    @ParameterizedTest
    @CsvSource({"44, 128", "64, 160", "89, 256", "179, 512", "716, 2048", "6000, 24000"})
    void theirProductFitsIntoTheHeapAndTheContainer(long heap, long all) {
        ProcessMemory memory = new ProcessMemory(heap * MIB, all * MIB);

        long inHeap = memory.connections() * 7 * KIB / 2 + memory.slowReaders() * 6 * KIB + memory.forHeads();
        long outside = memory.connections() * 8 * KIB + memory.slowReaders() * 4 * ClientBounds.SOCKET_BUFFER;

        assertThat(inHeap + 10 * MIB).isLessThanOrEqualTo(heap * MIB * 2 / 3);
        assertThat(heap * MIB + outside + 60 * MIB).isLessThanOrEqualTo(all * MIB);
    }

    @Test
    void theSmallestContainerThatTheDocsNameHasRoomForAThousandClients() {
        ProcessMemory memory = new ProcessMemory(44 * MIB, 128 * MIB);

        assertThat(memory.connections()).isGreaterThan(1000);
        assertThat(memory.slowReaders()).isGreaterThan(100);
    }

    @Test
    void aHeapOf64MiBHasRoomForThreeThousandClientsOfOneAddress() {
        ProcessMemory memory = new ProcessMemory(61 * MIB, 24_000 * MIB);

        assertThat(memory.connections() / 2).isGreaterThan(3000);
    }

    @Test
    void whereNothingIsLeftSomeClientsAreServedAllTheSame() {
        ProcessMemory memory = new ProcessMemory(16 * MIB, 32 * MIB);

        assertThat(memory.connections()).isGreaterThan(100);
        assertThat(memory.slowReaders()).isPositive();
    }
}
