package io.visitorcounter.web.fast;

import io.undertow.server.HttpHandler;
import io.undertow.server.HttpServerExchange;
import io.undertow.server.protocol.http.HttpServerConnection;
import java.util.ArrayDeque;
import java.util.concurrent.Executor;
import org.xnio.XnioIoThread;

/** Gives each connection its turn. Undertow handles a client's pipelined requests one after another, and XNIO runs all
 *  such tasks before it looks for other input: a thousand connections with a buffer full of requests would delay
 *  everybody else for seconds. Here, a request with another one behind it waits until its thread has looked for input
 *  once more, so that each pass handles one request of each connection. A request that is not followed by another is
 *  handled at once. */
public final class Turns implements HttpHandler {

    private final HttpHandler next;
    private final ThreadTurns[] byThread;

    public Turns(HttpHandler next, int threads) {
        this.next = next;
        this.byThread = new ThreadTurns[threads];
    }

    @Override
    public void handleRequest(HttpServerExchange exchange) throws Exception {
        if (exchange.getConnection() instanceof HttpServerConnection connection && connection.getExtraBytes() != null) {
            exchange.dispatch(turns(connection.getIoThread()), next);
        } else {
            next.handleRequest(exchange);
        }
    }

    private ThreadTurns turns(XnioIoThread thread) {
        ThreadTurns turns = byThread[thread.getNumber()];
        if (turns == null) {
            turns = new ThreadTurns(thread);
            byThread[thread.getNumber()] = turns;
        }
        return turns;
    }

    /** The requests of one I/O thread that wait for its next pass. Used only by that thread. */
    private static final class ThreadTurns implements Executor, Runnable {

        private final ArrayDeque<Runnable> waiting = new ArrayDeque<>();
        private final NextPass nextPass;

        ThreadTurns(XnioIoThread thread) {
            this.nextPass = new NextPass(thread, this);
        }

        @Override
        public void execute(Runnable request) {
            if (waiting.isEmpty()) {
                nextPass.ask();
            }
            waiting.add(request);
        }

        @Override
        public void run() {
            try {
                for (int i = waiting.size(); i > 0; i--) {
                    waiting.remove().run();
                }
            } finally {
                if (!waiting.isEmpty()) {
                    nextPass.ask();
                }
            }
        }
    }
}
