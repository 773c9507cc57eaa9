package io.visitorcounter.web.visit;

import io.visitorcounter.core.VisitorCounter;
import io.visitorcounter.web.http.Response;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** The result of a request that may be a visit.
 *
 *  @param number the visit's number, or the counter's value if it was not counted
 *  @param why the reason why it was not counted, in one word; null if it was */
public record Counted(long number, @Nullable String why) {

    /** {@return the visit's number; or the current value, if there is a reason not to count} */
    static CompletionStage<Counted> of(VisitorCounter counter, @Nullable String why) {
        return why == null
                ? counter.visit().thenApply(visit -> new Counted(visit.number(), null))
                : counter.value().thenApply(now -> new Counted(now.value(), why));
    }

    /** {@return the response, with a header if the request was not counted} */
    public Response told(Response response) {
        return why == null ? response : response.with(VisitRule.VISIT_COUNTED, "?0;reason=" + why);
    }
}
