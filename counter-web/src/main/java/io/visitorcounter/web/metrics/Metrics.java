package io.visitorcounter.web.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.undertow.server.ExchangeCompletionListener;
import io.undertow.server.HttpHandler;
import io.undertow.server.HttpServerExchange;
import io.visitorcounter.core.CounterListener;
import io.visitorcounter.core.metrics.MicrometerListener;
import io.visitorcounter.web.http.Response;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** All metrics of the process. A counter's name is never a label, since anybody can make up names. */
public final class Metrics implements AutoCloseable {

    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final JvmGcMetrics gc = new JvmGcMetrics();
    private boolean aboutJvm;

    // The JVM's metrics are registered at the first scrape, because they would take a sixth of the start-up time.
    private synchronized void addJvm() {
        if (!aboutJvm) {
            aboutJvm = true;
            new JvmMemoryMetrics().bindTo(registry);
            new JvmThreadMetrics().bindTo(registry);
            new ProcessorMetrics().bindTo(registry);
            gc.bindTo(registry);
        }
    }

    /** Shows a number that is read at each scrape. */
    public void gauge(String name, String description, Supplier<Number> value) {
        Gauge.builder(name, value).description(description).register(registry);
    }

    /** Counts a response of status 400 or above, on any route. */
    public void failed(int status) {
        counter(
                        "http.server.problems",
                        "responses that say no, of every route and of none",
                        "status",
                        String.valueOf(status))
                .increment();
    }

    /** Counts a refusal before there is a request. The reasons are a small, fixed set. */
    public void refused(String reason) {
        counter(
                        "http.server.refusals",
                        "connections and requests that were refused before they reached a route",
                        "reason",
                        reason)
                .increment();
    }

    /** {@return a consumer that counts notes of visitors by outcome; each outcome is shown from now on} */
    public Consumer<String> visitorNotes(String... outcomes) {
        Arrays.stream(outcomes).forEach(this::notes);
        return outcome -> notes(outcome).increment();
    }

    private Counter notes(String outcome) {
        return counter(
                "visitors.notes",
                "notes of visitors that the store was asked to keep; most visitors of a day are noted once",
                "outcome",
                outcome);
    }

    private Counter counter(String name, String description, String tag, String value) {
        return Counter.builder(name).description(description).tag(tag, value).register(registry);
    }

    /** {@return the handler, with its requests counted and timed} */
    public HttpHandler timed(String route, HttpHandler next) {
        Timer[] byHundred = new Timer[6];
        for (int hundred = 1; hundred < byHundred.length; hundred++) {
            byHundred[hundred] = Timer.builder("http.server.requests")
                    .description("requests, until their response was written")
                    .tag("route", route)
                    .tag("status", hundred + "xx")
                    .serviceLevelObjectives(MicrometerListener.latencies())
                    .register(registry);
        }
        return new Timed(byHundred, next);
    }

    /** Times the requests of one route. */
    private static final class Timed implements HttpHandler, ExchangeCompletionListener {

        private final Timer[] byHundred; // by the status' first digit
        private final HttpHandler next;

        Timed(Timer[] byHundred, HttpHandler next) {
            this.byHundred = byHundred;
            this.next = next;
        }

        @Override
        public void handleRequest(HttpServerExchange exchange) throws Exception {
            exchange.addExchangeCompleteListener(this);
            next.handleRequest(exchange);
        }

        @Override
        public void exchangeEvent(HttpServerExchange exchange, NextListener listeners) {
            int hundred = Math.min(5, Math.max(1, exchange.getStatusCode() / 100));
            byHundred[hundred].record(System.nanoTime() - exchange.getRequestStartTime(), TimeUnit.NANOSECONDS);
            listeners.proceed();
        }
    }

    /** {@return all metrics in Prometheus' text format; garbage collector pauses are recorded from the first call on} */
    public Response response() {
        addJvm();
        return Response.ok("text/plain; version=0.0.4; charset=utf-8", registry.scrape());
    }

    /** {@return a listener that counts the store's events in this registry} */
    public CounterListener storeListener() {
        return new MicrometerListener(registry);
    }

    @Override
    public void close() {
        gc.close();
        registry.close();
    }
}
