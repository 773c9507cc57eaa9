package io.visitorcounter.web.log;

import io.visitorcounter.web.json.Json;
import java.util.logging.Formatter;
import java.util.logging.LogRecord;

/** An event as one JSON object: time, level, room, message, and trace if something was thrown. */
final class JsonLine extends Formatter {

    @Override
    public String format(LogRecord event) {
        String trace = TextLine.trace(event.getThrown());
        Object[] all = event.getParameters();
        return Json.object(line -> {
                    line.put("time", TextLine.TIME.format(event.getInstant()))
                            .put("level", TextLine.level(event.getLevel()))
                            .put("room", TextLine.room(event.getLoggerName()))
                            .put("message", formatMessage(event));
                    if (all != null && all.length > 0 && all[0] instanceof LogFields fields) {
                        fields.putInto(line);
                    }
                    if (trace != null) {
                        line.put("trace", trace);
                    }
                })
                + "\n";
    }
}
