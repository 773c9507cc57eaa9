package io.visitorcounter.release.ledger;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.visitorcounter.release.CanonicalJson;
import io.visitorcounter.release.ReleaseException;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** A stored form of entries, named by their {@code apiVersion}. An entry is written in the oldest form that can hold it.
 *  So one that was read is written with the same bytes again, whichever forms came later, and older tools read all that
 *  they can. */
interface EntryCodec {

    /** The forms that this tool reads and writes, oldest first. */
    List<EntryCodec> FORMS = List.of(new EntryCodecV1());

    /** Any version of our own form, such as the next. */
    Pattern OURS = Pattern.compile("release\\.visitorcounter\\.io/v[1-9][0-9]*");

    /** {@return the {@code apiVersion} of this form} */
    String apiVersion();

    /** {@return whether this form can express all of the entry} */
    boolean canHold(Entry entry);

    /** {@return the entry as it is stored}
     *
     *  @param entry one that this form can hold */
    ObjectNode write(Entry entry);

    /** {@return the entry in these fields; an unknown field is an error} */
    Entry read(EntryFields fields);

    /** {@return the bytes of an entry, which its digest covers} */
    static byte[] bytes(Entry entry) {
        return bytes(FORMS, entry);
    }

    /** {@return the bytes of an entry in the first of these forms that can hold it} */
    static byte[] bytes(List<EntryCodec> forms, Entry entry) {
        EntryCodec form =
                forms.stream().filter(each -> each.canHold(entry)).findFirst().orElseThrow();
        return CanonicalJson.bytes(form.write(entry));
    }

    /** {@return the entry in these bytes}
     *
     *  @param where ledger and path
     *  @throws ReleaseException.VerificationFailed if they are not an entry
     *  @throws ReleaseException.Unreachable if a newer tool wrote them */
    static Entry read(String where, byte[] bytes) {
        return read(FORMS, where, bytes);
    }

    /** {@return the entry in these bytes, in the one of these forms that they name} */
    static Entry read(List<EntryCodec> forms, String where, byte[] bytes) {
        EntryFields fields = new EntryFields(where, CanonicalJson.parse(where, bytes));
        String version = fields.text("apiVersion");
        for (EntryCodec form : forms) {
            if (version.equals(form.apiVersion())) {
                Entry entry = form.read(fields);
                fields.end();
                return entry;
            }
        }
        if (OURS.matcher(version).matches()) {
            throw newer(where + ": apiVersion " + version);
        }
        String known = forms.stream().map(EntryCodec::apiVersion).collect(Collectors.joining(" or "));
        throw new ReleaseException.VerificationFailed(where + ": apiVersion: expected " + known + ", got another");
    }

    /** {@return the error for something that only a newer tool can have written} */
    static ReleaseException newer(String what) {
        return new ReleaseException.Unreachable(what + ": made by a newer release tool; update this one");
    }
}
