package io.visitorcounter.core.memory;

import io.visitorcounter.core.CounterName;
import io.visitorcounter.core.DailyVisitors;
import io.visitorcounter.core.StoreException;
import io.visitorcounter.core.spi.HyperLogLog;
import io.visitorcounter.core.spi.VisitorSketches;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletionStage;

/** Keeps sketches as arrays of registers: 16 KiB for each counter and day. */
final class MemoryVisitors implements VisitorSketches {

    /** The highest number of sketches; they take 16 MiB. */
    static final int MAX_SKETCHES = 1024;

    private final MemoryBackend backend;

    // Used on the backend's thread only:
    private final Map<CounterName, TreeMap<LocalDate, byte[]>> salts = new HashMap<>();
    private final Map<CounterName, TreeMap<LocalDate, byte[]>> sketches = new HashMap<>();
    private int size;

    MemoryVisitors(MemoryBackend backend) {
        this.backend = backend;
    }

    @Override
    public CompletionStage<byte[]> salt(CounterName counter, LocalDate day, byte[] proposed) {
        return backend.onThread(() -> salts.computeIfAbsent(counter, name -> new TreeMap<>())
                .computeIfAbsent(day, first -> proposed)
                .clone());
    }

    @Override
    public CompletionStage<?> note(CounterName counter, LocalDate day, long hash) {
        return backend.onThread(() -> {
            byte[] registers = registers(counter, day);
            int at = HyperLogLog.register(hash);
            registers[at] = (byte) Math.max(registers[at], HyperLogLog.rank(hash));
            return true;
        });
    }

    private byte[] registers(CounterName counter, LocalDate day) {
        byte[] found = sketches.getOrDefault(counter, new TreeMap<>()).get(day);
        if (found != null) {
            return found;
        }
        forgetSketchesBefore(day.minusDays(DailyVisitors.KEPT_DAYS - 1L));
        if (size >= MAX_SKETCHES) {
            throw new StoreException(
                    "memory: visitors of " + MAX_SKETCHES
                            + " counters and days are kept, and no more fit; choose another store",
                    null);
        }
        byte[] fresh = new byte[HyperLogLog.REGISTERS];
        sketches.computeIfAbsent(counter, name -> new TreeMap<>()).put(day, fresh);
        size++;
        return fresh;
    }

    private void forgetSketchesBefore(LocalDate day) {
        sketches.values().forEach(days -> days.headMap(day).clear());
        sketches.values().removeIf(Map::isEmpty);
        size = sketches.values().stream().mapToInt(Map::size).sum();
    }

    @Override
    public CompletionStage<List<DailyVisitors>> days(CounterName counter, LocalDate from, LocalDate to) {
        return backend.onThread(() ->
                sketches.getOrDefault(counter, new TreeMap<>()).subMap(from, to).entrySet().stream()
                        .map(day -> new DailyVisitors(day.getKey(), estimate(day.getValue())))
                        .toList());
    }

    private static long estimate(byte[] registers) {
        int[] registersOfRank = new int[HyperLogLog.MAX_RANK + 1];
        for (byte rank : registers) {
            registersOfRank[rank]++;
        }
        return HyperLogLog.estimate(registersOfRank);
    }

    @Override
    public void forgetSaltsBefore(LocalDate day) {
        backend.onThread(() -> {
            for (TreeMap<LocalDate, byte[]> ofCounter : salts.values()) {
                Map<LocalDate, byte[]> over = ofCounter.headMap(day);
                over.values().forEach(salt -> Arrays.fill(salt, (byte) 0));
                over.clear();
            }
            salts.values().removeIf(Map::isEmpty);
            return true;
        });
    }
}
