package io.visitorcounter.release.ledger;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.visitorcounter.release.CanonicalJson;
import io.visitorcounter.release.ReleaseException;
import java.util.regex.Pattern;

/** A stored form of entries, named by their {@code apiVersion}. A second form is a second implementation next to
 *  {@link EntryCodecV1}: each entry is read, and its digest computed, in the form in which it was written. */
interface EntryCodec {

    /** The form that this tool writes. */
    EntryCodec CURRENT = new EntryCodecV1();

    /** Any version of our own form, such as the next. */
    Pattern OURS = Pattern.compile("release\\.visitorcounter\\.io/v[1-9][0-9]*");

    /** {@return the {@code apiVersion} of this form} */
    String apiVersion();

    /** {@return the entry as it is stored} */
    ObjectNode write(Entry entry);

    /** {@return the entry in these fields; an unknown field is an error} */
    Entry read(EntryFields fields);

    /** {@return the bytes of an entry, which its digest covers} */
    static byte[] bytes(Entry entry) {
        return CanonicalJson.bytes(CURRENT.write(entry));
    }

    /** {@return the entry in these bytes}
     *
     *  @param where ledger and path
     *  @throws ReleaseException.VerificationFailed if they are not an entry
     *  @throws ReleaseException.Unreachable if a newer tool wrote them */
    static Entry read(String where, byte[] bytes) {
        EntryFields fields = new EntryFields(where, CanonicalJson.parse(where, bytes));
        String version = fields.text("apiVersion");
        if (version.equals(CURRENT.apiVersion())) {
            Entry entry = CURRENT.read(fields);
            fields.end();
            return entry;
        }
        if (OURS.matcher(version).matches()) {
            throw newer(where + ": apiVersion " + version);
        }
        throw new ReleaseException.VerificationFailed(
                where + ": apiVersion: expected " + CURRENT.apiVersion() + ", got another");
    }

    /** {@return the error for something that only a newer tool can have written} */
    static ReleaseException newer(String what) {
        return new ReleaseException.Unreachable(what + ": made by a newer release tool; update this one");
    }
}
