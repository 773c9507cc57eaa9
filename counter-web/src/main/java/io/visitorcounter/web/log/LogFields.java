package io.visitorcounter.web.log;

import io.visitorcounter.web.json.Json;

/** Additional members of the JSON line, passed as the first parameter of a log record. */
@FunctionalInterface
public interface LogFields {

    /** Puts the members. Their names must not be time, level, room, message or trace. */
    void putInto(Json line);
}
