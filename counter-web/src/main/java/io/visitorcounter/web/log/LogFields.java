package io.visitorcounter.web.log;

import io.visitorcounter.web.json.Json;

/** What an event says to machines: as the first parameter of a log record, its members join the JSON line. */
@FunctionalInterface
public interface LogFields {

    /** Puts the members, whose names are none of time, level, room, message and trace. */
    void putInto(Json line);
}
