package io.visitorcounter.web;

import static io.visitorcounter.web.HostileRequest.END;
import static io.visitorcounter.web.HostileRequest.HOST;
import static io.visitorcounter.web.HostileRequest.counted;
import static io.visitorcounter.web.HostileRequest.get;
import static io.visitorcounter.web.HostileRequest.harmless;
import static io.visitorcounter.web.HostileRequest.post;
import static io.visitorcounter.web.HostileRequest.refused;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Requests whose own bounds are in doubt: their line, host, length and headers, or that are of another protocol. */
final class HostileFraming {

    private HostileFraming() {}

    static List<HostileRequest> all() {
        return Stream.of(requestLines(), hosts(), lengths(), smuggling(), headers(), otherProtocols())
                .flatMap(List::stream)
                .toList();
    }

    private static List<HostileRequest> requestLines() {
        return List.of(
                refused("an empty line and no more", "\r\n\r\n"),
                refused("a space as the method", "  / HTTP/1.1" + HOST + END),
                refused("no version", "GET /" + HOST + END),
                refused("no path", "GET HTTP/1.1" + HOST + END),
                refused("no path but its spaces", "GET  HTTP/1.1" + HOST + END),
                refused(505, "version 2.0", "GET / HTTP/2.0" + HOST + END),
                refused(505, "version 3.0", "GET / HTTP/3.0" + HOST + END),
                refused(505, "version 9.9 behind a path", "POST /counters/c/visits HTTP/9.9" + HOST + END),
                refused(505, "version 0.0", "GET / HTTP/0.0" + HOST + END),
                refused("version 3", "GET / HTTP/3" + HOST + END),
                counted("version 1.2, which RFC 9110 has answered as 1.1", "GET / HTTP/1.2" + HOST + END),
                refused(505, "version 0.9", "GET / HTTP/0.9" + HOST + END),
                refused("a lower case version", "GET / http/1.1" + HOST + END),
                refused("a version of another protocol", "GET / ICY/1.1" + HOST + END),
                refused("a version with a tail", "GET / HTTP/1.1x" + HOST + END),
                refused("a version out of range", "GET / HTTP/999999999999.1" + HOST + END),
                refused("a lower case method", "get / HTTP/1.1" + HOST + END),
                refused("an unknown method", "FROBNICATE / HTTP/1.1" + HOST + END),
                refused("a method of 9000 letters", "G".repeat(9000) + " / HTTP/1.1" + HOST + END),
                refused("a method with a NUL", "GE\0T / HTTP/1.1" + HOST + END),
                refused("a method with a tab", "GE\tT / HTTP/1.1" + HOST + END),
                refused("a method that is not ASCII", "GÉT / HTTP/1.1" + HOST + END),
                refused("three words before the version", "GET / / HTTP/1.1" + HOST + END),
                refused("tabs between the words", "GET\t/\tHTTP/1.1" + HOST + END),
                refused("CONNECT", "CONNECT example.org:443 HTTP/1.1" + HOST + END),
                refused("TRACE", "TRACE / HTTP/1.1" + HOST + END),
                refused("PRI, the preface of HTTP/2", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"),
                refused("an asterisk to GET", "GET * HTTP/1.1" + HOST + END),
                refused(501, "OPTIONS in lower case with an asterisk", "options * HTTP/1.1" + HOST + END),
                harmless(
                        "OPTIONS with an asterisk, which asks for the whole server", "OPTIONS * HTTP/1.1" + HOST + END),
                refused(405, "POST to the page", "POST / HTTP/1.1" + HOST + END),
                refused("OPTIONS with two asterisks", "OPTIONS ** HTTP/1.1" + HOST + END),
                refused(414, "a path of 20000 letters", "GET /" + "a".repeat(20_000) + " HTTP/1.1" + HOST + END),
                refused(414, "a query of 20000 letters", "GET /?" + "a".repeat(20_000) + " HTTP/1.1" + HOST + END),
                refused(
                        414,
                        "an absolute URL of 20000 letters",
                        "GET http://x/" + "a".repeat(20_000) + " HTTP/1.1" + HOST + END),
                refused("a path of a megabyte", "GET /" + "a".repeat(1_000_000) + " HTTP/1.1" + HOST + END),
                refused("a line that never ends", "GET / " + "x".repeat(40_000)),
                refused("zeros", "\0".repeat(1000)),
                refused("random bytes", "\u0001\u00ff\u0080\u007f\u0003\u0000\u00fe".repeat(100)));
    }

    private static List<HostileRequest> hosts() {
        return List.of(
                refused("no Host in HTTP/1.1", "GET / HTTP/1.1" + END),
                refused("two Hosts", "GET / HTTP/1.1" + HOST + "\r\nHost: y" + END),
                refused("two equal Hosts", "GET / HTTP/1.1" + HOST + HOST + END),
                refused("a Host with a path", "GET / HTTP/1.1\r\nHost: x/../y" + END),
                refused("a Host with a user", "GET / HTTP/1.1\r\nHost: user@x" + END),
                refused("a Host with a space", "GET / HTTP/1.1\r\nHost: x y" + END),
                refused("a Host that is not ASCII", "GET / HTTP/1.1\r\nHost: \u00e9" + END),
                refused("a Host with a NUL", "GET / HTTP/1.1\r\nHost: x\0y" + END),
                refused("a Host with a comma", "GET / HTTP/1.1\r\nHost: x,y" + END),
                refused("a Host with a tag", "GET / HTTP/1.1\r\nHost: <script>" + END),
                counted("no Host in HTTP/1.0", "GET / HTTP/1.0" + END),
                counted("an absolute URL", "GET http://x/ HTTP/1.1" + HOST + END),
                refused(400, "a URL of FTP", "GET ftp://x/ HTTP/1.1" + HOST + END),
                refused(400, "a URL of a web socket", "GET ws://x/ HTTP/1.1" + HOST + END));
    }

    private static List<HostileRequest> lengths() {
        return List.of(
                refused("a negative length", post("Content-Length: -1")),
                refused("a length with a plus", post("Content-Length: +5") + "hello"),
                refused("a length in hex", post("Content-Length: 0x5") + "hello"),
                refused("a length with a space inside", post("Content-Length: 1 0") + "hello"),
                refused("a length that is a word", post("Content-Length: five") + "hello"),
                refused("a length with a fraction", post("Content-Length: 5.0") + "hello"),
                refused("an empty length", post("Content-Length:")),
                refused("a length of 30 digits", post("Content-Length: " + "9".repeat(30))),
                refused("a length of Long.MAX_VALUE", post("Content-Length: 9223372036854775807")),
                refused("a list of equal lengths", post("Content-Length: 5, 5") + "hello"),
                refused("a list of lengths", post("Content-Length: 0, 5") + "hello"),
                refused("a body that is cut", post("Content-Length: 100") + "hello"),
                refused("a body to GET", "GET / HTTP/1.1" + HOST + "\r\nContent-Length: 5" + END + "hello"),
                counted("a length of zeros", post("Content-Length: 00")),
                counted("a length of zeros to GET", get("Content-Length: 000")),
                counted("a small body to a POST", post("Content-Length: 5") + "hello"),
                counted("a body that names a version", post("Content-Length: 16") + "GET / HTTP/2.0\r\n"),
                refused(413, "a body to a POST that is not small", post("Content-Length: 1025") + "x".repeat(1025)),
                refused("a body of a gigabyte, announced", post("Content-Length: 1073741824") + "x"),
                refused(417, "a body that is to be continued", post("Content-Length: 5\r\nExpect: 100-continue")),
                refused(
                        417,
                        "an unknown expectation with a body",
                        post("Content-Length: 5\r\nExpect: the-unexpected") + "hello"));
    }

    private static List<HostileRequest> smuggling() {
        String inner = "GET / HTTP/1.1" + HOST + END;
        return List.of(
                refused("two lengths", post("Content-Length: 0\r\nContent-Length: " + inner.length()) + inner),
                refused("two equal lengths", post("Content-Length: 5\r\nContent-Length: 5") + "hello"),
                refused(
                        "a length and chunks (CL.TE)",
                        post("Content-Length: " + (5 + inner.length()) + "\r\nTransfer-Encoding: chunked") + "0" + END
                                + inner),
                refused(
                        "chunks and a length (TE.CL)",
                        post("Transfer-Encoding: chunked\r\nContent-Length: 4") + "0" + END + inner),
                refused(
                        "chunks twice",
                        post("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked") + "0" + END + inner),
                refused("chunks and identity", post("Transfer-Encoding: chunked, identity") + "0" + END + inner),
                refused("identity", post("Transfer-Encoding: identity") + inner),
                refused("chunks misspelt", post("Transfer-Encoding: xchunked") + "0" + END + inner),
                refused("chunks in quotes", post("Transfer-Encoding: \"chunked\"") + "0" + END + inner),
                refused("chunks behind a vertical tab", post("Transfer-Encoding: \u000bchunked") + "0" + END + inner),
                refused("chunks behind a NUL", post("Transfer-Encoding: \0chunked") + "0" + END + inner),
                refused("an empty encoding", post("Transfer-Encoding:") + inner),
                refused("a space before the colon", post("Transfer-Encoding : chunked") + "0" + END + inner),
                refused("a space before the colon of a length", post("Content-Length : 5") + "hello"),
                refused("a tab before the colon", post("Content-Length\t: 5") + "hello"),
                refused("a space before the name", post(" Transfer-Encoding: chunked") + "0" + END + inner),
                counted(
                        "a folded header, which RFC 9112 lets a server join",
                        post("X: a\r\n Transfer-Encoding: chunked")),
                refused("a folded encoding", post("Transfer-Encoding:\r\n chunked") + "0" + END + inner),
                refused("gzip and chunks", post("Transfer-Encoding: gzip, chunked") + "0" + END + inner),
                refused(
                        "chunks in HTTP/1.0",
                        "POST /counters/c/visits HTTP/1.0\r\nTransfer-Encoding: chunked" + END + "0" + END),
                refused("a chunk of no size", post("Transfer-Encoding: chunked") + "\r\n" + END),
                refused("a chunk of negative size", post("Transfer-Encoding: chunked") + "-1\r\n" + END),
                refused("a chunk of too great a size", post("Transfer-Encoding: chunked") + "fffffffffffffffff\r\n"),
                refused(
                        "a chunk with a long extension",
                        post("Transfer-Encoding: chunked") + "1;" + "x".repeat(20_000)),
                refused("a bare CR within a header", post("X: a\rContent-Length: 5") + "hello"),
                refused(
                        "a length behind a bare CR",
                        "POST /counters/c/visits HTTP/1.1\r\nHost: x\rContent-Length: 5" + END + "hello"));
    }

    private static List<HostileRequest> headers() {
        return List.of(
                refused(431, "a header of 20000 letters", get("X: " + "a".repeat(20_000))),
                refused(431, "a header name of 20000 letters", get("a".repeat(20_000) + ": x")),
                refused(431, "40 headers of 500 letters", get(("X: " + "a".repeat(500) + "\r\n").repeat(40) + "Z: z")),
                refused(
                        431,
                        "300 headers",
                        get(IntStream.range(0, 300)
                                        .mapToObj(i -> "X" + i + ": y\r\n")
                                        .collect(Collectors.joining()) + "Z: z")),
                refused("300 headers of one name", get("X: y\r\n".repeat(300) + "Z: z")),
                refused(
                        414,
                        "a path of 15000 letters with a header of 5000",
                        "GET /" + "a".repeat(15_000) + " HTTP/1.1" + HOST + "\r\nX: " + "a".repeat(5000) + END),
                refused("2000 headers", get("X: y\r\n".repeat(2000) + "Z: z")),
                counted("99 headers", get("X: y\r\n".repeat(97) + "Z: z")),
                refused("headers of a megabyte", get(("X: " + "a".repeat(1000) + "\r\n").repeat(1000) + "Z: z")),
                refused("a header without a colon", get("nonsense")),
                refused("a header without a name", get(": x")),
                refused("a header name with a space", get("a b: x")),
                refused("a header name with a NUL", get("a\0b: x")),
                refused("a header name that is not ASCII", get("n\u00e4me: x")),
                refused("a header name in brackets", get("a(b): x")),
                refused("a header value with a NUL", get("X: a\0b")),
                refused("headers that never end", "GET / HTTP/1.1" + HOST + "\r\nX: y\r\n"),
                counted(
                        "an upgrade to h2c",
                        get("Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABk")),
                counted(
                        "an upgrade to a web socket",
                        get("Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13")),
                counted("an Accept of a semicolon", get("Accept: ;")),
                counted("an Accept of commas and semicolons", get("Accept: " + ",;".repeat(2000))),
                counted("an Accept of commas", get("Accept: " + ",".repeat(5000))),
                counted("an Accept of a thousand types", get("Accept: " + "a/b;q=0.1,".repeat(1000))),
                counted("a Range", get("Range: bytes=0-1,2-3,4-5")),
                counted("a thousand cookies", get("Cookie: " + "a=b; ".repeat(1000))),
                counted("a header value that is not ASCII", get("X: \u00e9\u00ff")));
    }

    private static List<HostileRequest> otherProtocols() {
        return List.of(
                refused(
                        "a TLS hello",
                        "\u0016\u0003\u0001\u0002\u0000\u0001\u0000\u0001\u00fc\u0003\u0003" + "B".repeat(500)),
                refused("an SSH banner", "SSH-2.0-OpenSSH_9.2\r\n"),
                refused("SMTP", "EHLO x\r\nMAIL FROM:<a@b>\r\n"),
                refused("a Redis command", "*1\r\n$8\r\nFLUSHALL\r\n"),
                refused("a Redis command inline", "INCR visitorCount\r\n\r\n"),
                refused("a proxy's PROXY line", "PROXY TCP4 1.2.3.4 5.6.7.8 1 2\r\nGET / HTTP/1.1" + HOST + END));
    }
}
