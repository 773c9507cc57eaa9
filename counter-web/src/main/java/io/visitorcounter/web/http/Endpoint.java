package io.visitorcounter.web.http;

import io.undertow.server.HttpHandler;
import io.undertow.server.HttpServerExchange;
import io.undertow.util.SameThreadExecutor;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Creates the response to a request. It must not block: it runs on one of the few I/O threads, and holds up all other
 *  requests of that thread until it returns. An endpoint that has to block is for {@link #blockingHandler}. */
@FunctionalInterface
public interface Endpoint {

    /** {@return the response, or a failure that {@link Problem#of} knows}
     *
     *  @throws Problem.Thrown if the request is wrong */
    CompletionStage<Response> response(HttpServerExchange exchange);

    /** {@return a handler that responds at once} */
    static HttpHandler of(Function<HttpServerExchange, Response> now) {
        return exchange -> now.apply(exchange).send(exchange);
    }

    /** {@return a handler that sends the response, or the problem, from the request's own I/O thread} */
    static HttpHandler handler(Endpoint endpoint) {
        return exchange -> exchange.dispatch(SameThreadExecutor.INSTANCE, () -> run(endpoint, exchange));
    }

    /** {@return a handler as {@link #handler}, whose endpoint may block: it runs on one of a few other threads} */
    static HttpHandler blockingHandler(Endpoint endpoint) {
        return exchange -> exchange.dispatch(() -> run(endpoint, exchange));
    }

    private static void run(Endpoint endpoint, HttpServerExchange exchange) {
        try {
            endpoint.response(exchange).whenComplete((response, failure) -> finish(exchange, response, failure));
        } catch (RuntimeException e) {
            finish(exchange, null, e);
        }
    }

    private static void finish(HttpServerExchange exchange, @Nullable Response response, @Nullable Throwable failure) {
        Runnable send = () -> {
            if (response == null) {
                Problem.of(failure == null ? new IllegalStateException("no response") : failure)
                        .send(exchange);
            } else {
                response.send(exchange);
            }
        };
        if (exchange.getIoThread() == Thread.currentThread()) {
            send.run();
            return;
        }
        try {
            exchange.getIoThread().execute(send);
        } catch (RejectedExecutionException e) {
            // the server has stopped and closed its connections
        }
    }
}
