package io.visitorcounter.web.http;

import io.undertow.server.ExchangeCompletionListener;
import io.undertow.server.HttpHandler;
import io.undertow.server.HttpServerExchange;
import io.visitorcounter.web.log.LogFields;
import java.util.Locale;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/** Logs each request once it has its response, without the query, which may hold private data. */
public final class AccessLog implements HttpHandler, ExchangeCompletionListener {

    private static final Logger LOG = Logger.getLogger("access");
    private static final int MAX_PATH = 200;

    private final HttpHandler next;
    private final ClientAddress address;

    public AccessLog(HttpHandler next, ClientAddress address) {
        this.next = next;
        this.address = address;
    }

    @Override
    public void handleRequest(HttpServerExchange exchange) throws Exception {
        exchange.addExchangeCompleteListener(this);
        next.handleRequest(exchange);
    }

    @Override
    public void exchangeEvent(HttpServerExchange exchange, NextListener listeners) {
        write(exchange);
        listeners.proceed();
    }

    private void write(HttpServerExchange exchange) {
        String client = address.of(exchange).getHostAddress();
        String method = exchange.getRequestMethod().toString();
        String uri = exchange.getRequestURI();
        String path = uri.length() > MAX_PATH ? uri.substring(0, MAX_PATH) + "…" : uri;
        int status = exchange.getStatusCode();
        long bytes = exchange.getResponseBytesSent();
        long micros = (System.nanoTime() - exchange.getRequestStartTime()) / 1000;
        LogRecord event = new LogRecord(
                Level.INFO,
                String.format(
                        Locale.ROOT,
                        "%s %s %s %d %d bytes %d.%03d ms",
                        client,
                        method,
                        path,
                        status,
                        bytes,
                        micros / 1000,
                        micros % 1000));
        event.setLoggerName("access");
        LogFields fields = line -> line.put("client", client)
                .put("method", method)
                .put("path", path)
                .put("status", status)
                .put("bytes", bytes)
                .put("micros", micros);
        event.setParameters(new Object[] {fields});
        LOG.log(event);
    }
}
