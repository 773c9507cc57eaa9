package io.visitorcounter.web.visit;

import io.visitorcounter.web.http.Response;
import org.jspecify.annotations.Nullable;

/** What came of a request that may be a visit.
 *
 *  @param number the visit's own, or the counter's value where it was not counted
 *  @param why it was not counted, in one word; null where it was */
public record Counted(long number, @Nullable String why) {

    /** {@return the response, saying so where the request was not counted} */
    public Response told(Response response) {
        return why == null ? response : response.with(VisitRule.VISIT_COUNTED, "?0;reason=" + why);
    }
}
