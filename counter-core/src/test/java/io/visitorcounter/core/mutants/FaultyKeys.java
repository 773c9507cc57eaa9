package io.visitorcounter.core.mutants;

import io.visitorcounter.core.CounterName;
import io.visitorcounter.core.spi.Batch;
import java.util.Locale;

/** Under which keys a faulty backend keeps what. */
final class FaultyKeys {

    private final Fault fault;

    FaultyKeys(Fault fault) {
        this.fault = fault;
    }

    private boolean has(Fault one) {
        return fault == one;
    }

    String value(CounterName counter) {
        String text = counter.text();
        if (has(Fault.COUNTERS_SHARE_A_VALUE)) {
            return "all";
        }
        if (has(Fault.NAMES_IN_LOWER_CASE)) {
            return text.toLowerCase(Locale.ROOT);
        }
        return has(Fault.NAMES_CUT_TO_32) ? text.substring(0, Math.min(32, text.length())) : text;
    }

    String record(Batch batch) {
        String id = batch.record();
        if (has(Fault.IDS_CUT_TO_32)) {
            id = id.substring(0, Math.min(32 + 3, id.length()));
        } else if (has(Fault.IDS_IN_LOWER_CASE)) {
            id = id.toLowerCase(Locale.ROOT);
        } else if (has(Fault.IDS_ARE_PATTERNS)) {
            id = id.replaceAll("[%_*?]", ".");
        } else if (has(Fault.IDS_ARE_SQL) && id.contains("'")) {
            id = id.substring(0, id.indexOf('\''));
        } else if (has(Fault.IDS_ARE_DECODED)) {
            id = id.replace("%41", "A").replace('+', ' ');
        }
        if (has(Fault.IDS_JOINED_TO_NAMES) && batch.hasId()) {
            return " id:" + batch.counter().text() + '-' + id.substring(3);
        }
        boolean ofAll = batch.hasId() ? has(Fault.IDS_OF_ALL_COUNTERS) : has(Fault.RECORDS_OF_ALL_COUNTERS);
        return ofAll ? id : batch.counter().text() + ' ' + id;
    }
}
