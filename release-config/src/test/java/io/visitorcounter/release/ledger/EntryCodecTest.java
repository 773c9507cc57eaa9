package io.visitorcounter.release.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.visitorcounter.release.CanonicalJson;
import io.visitorcounter.release.Environment;
import io.visitorcounter.release.ReleaseException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What a second stored form of entries changes, and what it must not change: the bytes of the entries that are there. */
class EntryCodecTest {

    private static final EntryCodec SECOND = new SecondForm();
    private static final List<EntryCodec> BOTH = List.of(new SilentForm(), SECOND);
    private static final Entry SILENT = freeze(Optional.empty());
    private static final Entry EXPLAINED = freeze(Optional.of("audit"));

    @Test
    void anEntryThatWasReadIsWrittenWithTheSameBytesUnderALaterForm() {
        byte[] stored = EntryCodec.bytes(SILENT);

        Entry read = EntryCodec.read(BOTH, "here", stored);

        assertThat(read).isEqualTo(SILENT);
        assertThat(EntryCodec.bytes(BOTH, read)).isEqualTo(stored);
    }

    @Test
    void anEntryThatAnOldFormCanNotHoldIsWrittenInTheNextOne() {
        byte[] stored = EntryCodec.bytes(BOTH, EXPLAINED);

        assertThat(CanonicalJson.parse("here", stored).path("apiVersion").asText())
                .isEqualTo(SECOND.apiVersion());
        assertThat(EntryCodec.read(BOTH, "here", stored)).isEqualTo(EXPLAINED);
    }

    @Test
    void aToolThatLacksAFormSaysThatANewerOneWroteIt() {
        byte[] stored = EntryCodec.bytes(BOTH, EXPLAINED);

        assertThatThrownBy(() -> EntryCodec.read("here", stored))
                .isInstanceOf(ReleaseException.Unreachable.class)
                .hasMessage(
                        "here: apiVersion release.visitorcounter.io/v2: made by a newer release tool; update this one");
    }

    @Test
    void aFormOfSomebodyElseIsRefusedAndTheKnownOnesAreNamed() {
        byte[] foreign = CanonicalJson.bytes(CanonicalJson.object().put("apiVersion", "example.org/v1"));

        assertThatThrownBy(() -> EntryCodec.read(BOTH, "here", foreign))
                .isInstanceOf(ReleaseException.VerificationFailed.class)
                .hasMessage("here: apiVersion: expected release.visitorcounter.io/v1 or release.visitorcounter.io/v2, "
                        + "got another");
    }

    private static Freeze freeze(Optional<String> why) {
        return new Freeze(
                new EntryHeader(
                        1,
                        Optional.empty(),
                        new Environment("prod"),
                        1,
                        new Entry.Audit("ada", Instant.parse("2026-01-01T00:00:00Z"), why)),
                true);
    }

    /** The first form, as if it had no place for a reason. */
    private static final class SilentForm implements EntryCodec {

        private final EntryCodec first = new EntryCodecV1();

        @Override
        public String apiVersion() {
            return first.apiVersion();
        }

        @Override
        public boolean canHold(Entry entry) {
            return entry.audit().why().isEmpty();
        }

        @Override
        public ObjectNode write(Entry entry) {
            return first.write(entry);
        }

        @Override
        public Entry read(EntryFields fields) {
            return first.read(fields);
        }
    }

    /** A form with the same fields under the next version. */
    private static final class SecondForm implements EntryCodec {

        private final EntryCodec first = new EntryCodecV1();

        @Override
        public String apiVersion() {
            return "release.visitorcounter.io/v2";
        }

        @Override
        public boolean canHold(Entry entry) {
            return true;
        }

        @Override
        public ObjectNode write(Entry entry) {
            return first.write(entry).put("apiVersion", apiVersion());
        }

        @Override
        public Entry read(EntryFields fields) {
            return first.read(fields);
        }
    }
}
