package io.visitorcounter.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.lang.ref.Reference;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 60, unit = TimeUnit.SECONDS)
class NativeMemoryTest {

    private static final int BUFFERS = 1500;
    private static final int BUFFER_BYTES = 64 * 1024;

    @Test
    void whatIsNoMoreUsedIsGivenBackToTheSystem() throws Exception {
        assumeTrue(NativeMemory.giveBack(), "this JVM can't");
        Path status = Path.of("/proc/self/status");
        assumeTrue(Files.exists(status), "this system does not say what is resident");
        // The C library gives back by itself what lies at the end alone, so something that stays lies behind.
        List<ByteBuffer> used = touched(BUFFERS);
        List<ByteBuffer> stays = touched(1);
        try {
            used.clear();
            awaitFreed();
            long before = residentKib(status);

            NativeMemory.giveBack();

            assertThat(before - residentKib(status)).isGreaterThan((long) BUFFERS * BUFFER_BYTES / 1024 / 2);
        } finally {
            Reference.reachabilityFence(stays);
        }
    }

    private static List<ByteBuffer> touched(int count) {
        List<ByteBuffer> buffers = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER_BYTES);
            for (int at = 0; at < BUFFER_BYTES; at += 1024) {
                buffer.put(at, (byte) 1);
            }
            buffers.add(buffer);
        }
        return buffers;
    }

    /** Waits until the collector has freed the buffers that nothing refers to. */
    private static void awaitFreed() throws InterruptedException {
        BufferPoolMXBean direct = ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
                .filter(pool -> pool.getName().equals("direct"))
                .findFirst()
                .orElseThrow();
        while (direct.getMemoryUsed() > (long) BUFFERS * BUFFER_BYTES / 2) {
            System.gc();
            Thread.sleep(20);
        }
    }

    private static long residentKib(Path status) throws IOException {
        return Files.readAllLines(status).stream()
                .filter(line -> line.startsWith("VmRSS:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")))
                .findFirst()
                .orElseThrow();
    }
}
