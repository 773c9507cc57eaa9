package io.visitorcounter.web.fast;

import io.undertow.Undertow;
import io.undertow.UndertowOptions;
import io.undertow.server.HttpHandler;
import io.visitorcounter.core.CounterName;
import io.visitorcounter.core.CounterOptions;
import io.visitorcounter.core.CounterStore;
import io.visitorcounter.core.VisitorCounter;
import io.visitorcounter.web.http.ClientAddress;
import io.visitorcounter.web.http.ClientMemory;
import io.visitorcounter.web.http.Guard;
import io.visitorcounter.web.values.Greeting;
import java.lang.reflect.Proxy;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.xnio.Options;

/** A server whose only way is the fast one, over raw sockets, where pipelining and cut connections can be had. */
abstract class BatchingServer {

    static final int MAX = 150;

    static final String REQUEST = "GET / HTTP/1.1\r\nHost: x\r\n\r\n";

    /** How many visits each call asked for. */
    final Queue<Integer> steps = new ConcurrentLinkedQueue<>();

    final CounterStore store = CounterStore.open(URI.create("memory:/"), CounterOptions.defaults());

    /** Done by the I/O thread, each for one of the next requests before it is handled. */
    final Queue<Callable<?>> whileRead = new ConcurrentLinkedQueue<>();

    final VisitorCounter counter = store.counter(CounterName.of("c"));

    final Undertow server = server(2);

    Undertow server(int ioThreads) {
        return Undertow.builder()
                .addHttpListener(0, "127.0.0.1")
                .setIoThreads(ioThreads)
                .setWorkerThreads(1)
                .setServerOption(UndertowOptions.BUFFER_PIPELINED_DATA, false)
                // a client that reads slowly is soon one that has to be waited for
                .setSocketOption(Options.SEND_BUFFER, 4096)
                .setHandler(new Guard(
                        disturbed(new VisitBatcher(
                                ThreadStores.single(recorded(counter)), new Greeting("Hi"), MAX, ioThreads)),
                        1024,
                        Duration.ofSeconds(10),
                        new ClientMemory(1 << 20, 100, new ClientAddress(List.of()))))
                .build();
    }

    VisitorCounter recorded(VisitorCounter counter) {
        return (VisitorCounter) Proxy.newProxyInstance(
                VisitorCounter.class.getClassLoader(),
                new Class<?>[] {VisitorCounter.class},
                (proxy, method, arguments) -> {
                    if (arguments != null && arguments[0] instanceof Integer visits) {
                        steps.add(visits);
                    }
                    return method.invoke(counter, arguments);
                });
    }

    HttpHandler disturbed(HttpHandler next) {
        return exchange -> {
            Callable<?> disturbance = whileRead.poll();
            if (disturbance != null) {
                disturbance.call();
            }
            next.handleRequest(exchange);
        };
    }

    @BeforeEach
    void start() {
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop();
        store.close();
    }
}
