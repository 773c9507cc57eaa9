package io.visitorcounter.release.ledger;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.visitorcounter.release.CanonicalJson;
import io.visitorcounter.release.Environment;
import java.util.Optional;

/** The start or the end of a time in which an environment takes no release.
 *
 *  @param sequence its number in the whole ledger
 *  @param previous the entry before it in the whole ledger
 *  @param environment which one
 *  @param number 1-based; dense within the environment
 *  @param frozen true for the start
 *  @param audit who, when, why */
public record Freeze(
        long sequence, Optional<EntryRef> previous, Environment environment, int number, boolean frozen, Audit audit)
        implements Entry {

    static final String FOLDER = "freezes";
    private static final String KIND = "Freeze";

    @Override
    public String path() {
        return environment + "/" + FOLDER + "/" + fileName(number);
    }

    static String fileName(int number) {
        return Trees.name(number) + ".json";
    }

    @Override
    public ObjectNode json() {
        ObjectNode json = CanonicalJson.object().put("apiVersion", API_VERSION).put("kind", KIND);
        json.put("sequence", sequence);
        previous.ifPresent(link -> json.set("previous", link.json()));
        json.put("environment", environment.name()).put("number", number).put("frozen", frozen);
        audit.write(json);
        return json;
    }

    static Freeze read(EntryFields fields) {
        return new Freeze(
                fields.number("sequence", Long.MAX_VALUE),
                fields.optionalObject("previous").map(EntryRef::read),
                fields.environment("environment"),
                (int) fields.number("number", 999_999),
                fields.flag("frozen"),
                Audit.read(fields));
    }
}
