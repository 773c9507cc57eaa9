package io.visitorcounter.web;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;

/** The tests over HTTP once more, with {@code http.fast-path = false}: the responses are the same. */
class WithoutFastPathTest {

    @BeforeAll
    static void turnOff() {
        RunningApp.setFastPath(false);
    }

    @AfterAll
    static void turnOn() {
        RunningApp.setFastPath(true);
    }

    @Nested
    class App extends AppTest {}

    @Nested
    class Limits extends LimitsTest {}

    @Nested
    class Hostile extends HostileRequestsTest {}

    @Nested
    class OpenApi extends OpenApiTest {}

    @Nested
    class Connections extends ConnectionsTest {}

    @Nested
    class CounterNames extends CounterNamesTest {}

    @Nested
    class Live extends LiveTest {}

    @Nested
    class Admin extends AdminTest {}

    @Nested
    class UniqueVisitors extends UniqueVisitorsTest {}

    @Nested
    class MetricsAccess extends MetricsAccessTest {}
}
