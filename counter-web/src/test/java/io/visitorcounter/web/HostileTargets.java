package io.visitorcounter.web;

import static io.visitorcounter.web.HostileRequest.END;
import static io.visitorcounter.web.HostileRequest.HOST;
import static io.visitorcounter.web.HostileRequest.counted;
import static io.visitorcounter.web.HostileRequest.harmless;
import static io.visitorcounter.web.HostileRequest.post;
import static io.visitorcounter.web.HostileRequest.refused;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Well-formed requests for what is not there, or for more than it is: paths, counters, keys, queries. */
final class HostileTargets {

    private HostileTargets() {}

    static List<HostileRequest> all() {
        return Stream.of(paths(), names(), queries()).flatMap(List::stream).toList();
    }

    private static List<HostileRequest> paths() {
        List<HostileRequest> all = new ArrayList<>();
        for (String path : List.of(
                "/..",
                "/../..",
                "/../etc/passwd",
                "/%2e%2e/etc/passwd",
                "/..%2f..%2fetc/passwd",
                "/%252e%252e/",
                "/./",
                "//",
                "///",
                "/;x",
                "/counters/..;/",
                "/.git/config",
                "/counters/../../etc/passwd",
                "/%00",
                "/%",
                "/%zz",
                "/%c0%ae%c0%ae/",
                "/%ff%fe",
                "/\\..\\",
                "/counters\\x",
                "/assets/../page.html",
                "/assets/page.css/",
                "/health",
                "/health/live/",
                "/metrics/..",
                "/server-status",
                "/actuator/env",
                "/index.php?x=%27%20OR%201=1")) {
            all.add(refused("the path " + path, "GET " + path + " HTTP/1.1" + HOST + END));
        }
        all.addAll(List.of(
                refused("a path that is not ASCII", "GET /\u00e9 HTTP/1.1" + HOST + END),
                refused("a path with a NUL", "GET /\0 HTTP/1.1" + HOST + END),
                refused("a path with a line break, encoded", "GET /%0d%0aSet-Cookie:%20a=b HTTP/1.1" + HOST + END),
                refused("a fragment", "GET /#x HTTP/1.1" + HOST + END),
                refused("an absolute URL without a host", "GET http:/// HTTP/1.1" + HOST + END),
                refused("a URL of a file", "GET file:///etc/passwd HTTP/1.1" + HOST + END)));
        return all;
    }

    private static List<HostileRequest> names() {
        List<HostileRequest> all = new ArrayList<>();
        for (String name : List.of(
                "%00",
                "a%00b",
                "a%0d%0ab",
                "%7B%7D",
                "a:b",
                "a%20b",
                "-a",
                ".a",
                "_a",
                "*",
                "%25",
                "\u00e9",
                "%C3%A9",
                "%F0%9F%98%80",
                "a%2Fb",
                "a;b",
                "a'b",
                "a%22b",
                "%3Cscript%3E",
                "a".repeat(101),
                "a".repeat(9000))) {
            String shown = name.length() > 30 ? name.length() + " letters" : name;
            all.add(refused("a counter named " + shown, "POST /counters/" + name + "/visits HTTP/1.1" + HOST + END));
        }
        all.addAll(List.of(
                refused("a counter without a name", "POST /counters//visits HTTP/1.1" + HOST + END),
                refused("a key of 129 letters", post("Idempotency-Key: " + "k".repeat(129))),
                refused("two keys", post("Idempotency-Key: a\r\nIdempotency-Key: b")),
                refused("a key that is not ASCII", post("Idempotency-Key: \u00e9"))));
        return all;
    }

    private static List<HostileRequest> queries() {
        return List.of(
                refused("a thousand parameters", "GET /?" + "a=b&".repeat(1000) + " HTTP/1.1" + HOST + END),
                refused("a history of hours beyond number", read("history=99999999999999999999h")),
                refused("a label with a broken escape", badge("label=%zz")),
                refused("a label of 65 letters", badge("label=" + "a".repeat(65))),
                refused("a color that is markup", badge("color=%22/%3E%3Cscript%3E")),
                refused("a count that is neither", badge("count=2")),
                harmless("a label that is markup", badge("label=%3C/text%3E%3Cscript%3Ealert(1)%3C/script%3E")),
                refused("a label of forbidden characters alone", badge("label=%00%01")),
                harmless("a label of forbidden characters", badge("label=a%01%02%EF%BF%BEb")),
                counted("a query of odd signs", "GET /?a=%27&&=&b HTTP/1.1" + HOST + END));
    }

    private static String read(String query) {
        return "GET /counters/c?" + query + " HTTP/1.1" + HOST + END;
    }

    private static String badge(String query) {
        return "GET /counters/c/badge.svg?" + query + " HTTP/1.1" + HOST + END;
    }
}
