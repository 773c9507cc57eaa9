package io.visitorcounter.core.jdbc;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** A server for all tests of a class. */
final class PostgresOfTheClass implements BeforeAllCallback, AfterAllCallback {

    private @Nullable PostgresServer started;

    @Override
    public void beforeAll(ExtensionContext context) throws Exception {
        started = PostgresServer.start();
    }

    @Override
    public void afterAll(ExtensionContext context) throws Exception {
        if (started != null) {
            started.stop();
        }
    }

    PostgresServer server() {
        if (started == null) {
            throw new IllegalStateException("not started");
        }
        return started;
    }
}
