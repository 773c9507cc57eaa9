package io.visitorcounter.web.http;

import io.undertow.server.HttpServerExchange;

/** Is told when a connection's requests begin and end. */
public interface RequestWatch {

    /** A head is complete and its request begins. Called on the connection's I/O thread. */
    void began(HttpServerExchange exchange);

    /** The request has its response. Called on any thread; the next request has not begun. */
    void ended(HttpServerExchange exchange);
}
