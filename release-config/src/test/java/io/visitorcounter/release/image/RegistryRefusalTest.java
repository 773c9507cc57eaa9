package io.visitorcounter.release.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNoException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import io.visitorcounter.release.Digest;
import io.visitorcounter.release.ReleaseException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a registry refuses, and how that is told. */
class RegistryRefusalTest extends AppInRegistry {

    private Registry images() {
        return client(Map.of(), wait -> {});
    }

    private ImageStore.PendingImage made() {
        Registry images = images();
        ImageStore.Stored found = images.find(app).stored();
        return images.make(found, layer(found.image()));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\0',
            value = {
                "{\"errors\":[{\"code\":\"DENIED\",\"message\":\"no\"},{\"code\":\"A\",\"message\":\"b\"}]}|DENIED: no; A: b",
                "{\"errors\":[{\"code\":\"DENIED\",\"message\":\"\",\"detail\":\"quota\"}]}|DENIED: quota",
                "{\"errors\":[{\"status\":404,\"message\":\"not found\"}]}|not found",
                "{\"errors\":[\"no such project\"]}|no such project",
                "{\"errors\":{\"code\":\"DENIED\",\"message\":\"one\"}}|DENIED: one",
                "{\"error\":{\"code\":403,\"message\":\"API not enabled\",\"status\":\"PERMISSION_DENIED\"}}|403: API not enabled",
                "{\"error\":\"invalid_grant\",\"error_description\":\"expired\"}|expired",
                "{\"error\":\"no session\"}|no session",
                "{\"Message\":\"User is not authorized\"}|User is not authorized",
                "{\"type\":\"about:blank\",\"title\":\"Forbidden\",\"status\":403}|Forbidden",
                "{\"details\":\"incorrect username or password\"}|incorrect username or password",
                "<?xml version=\"1.0\"?><Error><Code>AccessDenied</Code><Message>Request has expired</Message></Error>|Request has expired",
                "<html><head><TITLE>Attention Required! Cloudflare</TITLE></head></html>|Attention Required! Cloudflare",
                "{\"a\":1}|''",
                "[]|''"
            })
    void aReasonIsFoundInWhateverFormItIsWritten(String body, String reason) {
        String expected = reason.equals("''") ? "" : reason;

        assertThat(RegistryReason.of(body.getBytes(StandardCharsets.UTF_8), "application/octet-stream"))
                .isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET manifests", "GET blobs"})
    void aPageOfAProxyIsNotTakenForTampering(String request) {
        registry.quirk(new LoopbackRegistry.Quirk() {
            @Override
            public byte[] written(HttpExchange exchange, byte[] body) {
                if (!Quirks.is(exchange, request)) {
                    return body;
                }
                exchange.getResponseHeaders().set("Content-Type", "text/html; charset=utf-8");
                return "<html><title>Log in</title></html>".getBytes(StandardCharsets.UTF_8);
            }
        });

        assertThatThrownBy(() -> images().find(app))
                .isInstanceOf(ReleaseException.Unreachable.class)
                .hasMessageContaining("got a page");
    }

    // https://github.com/replicatedhq/kots/pull/5940, https://github.com/moby/buildkit/issues/3776
    @ParameterizedTest
    @ValueSource(ints = {400, 403, 409, 412})
    void aTagThatMayNotMoveIsFineWhereItLeadsAlready(int status) {
        made().keep();
        registry.quirk(new LoopbackRegistry.Quirk() {
            @Override
            public boolean answers(HttpExchange exchange) throws IOException {
                boolean isHead = Quirks.is(exchange, "HEAD manifests");
                if (!isHead && !Quirks.is(exchange, "PUT manifests")) {
                    return false;
                }
                Quirks.drain(exchange);
                exchange.sendResponseHeaders(isHead ? 405 : status, -1);
                return true;
            }
        });

        assertThatNoException().isThrownBy(() -> made().keep());

        registry.deleteManifest("team/app", made().image().digest());
        assertThatThrownBy(() -> made().keep())
                .isInstanceOf(ReleaseException.Unreachable.class)
                .hasMessageContaining(status + " to PUT");
    }

    @Test
    void whetherALayerIsThereIsAskedAgainToo() {
        ImageStore.PendingImage made = made();
        made.keep();
        registry.deleteManifest("team/app", made.image().digest());
        AtomicInteger left = new AtomicInteger(2);
        registry.quirk(
                Quirks.answering(exchange -> Quirks.is(exchange, "HEAD blobs") && left.getAndDecrement() > 0, 503, ""));
        Registry images = images();

        images.keep(images.find(app).stored(), made.stored(), Optional.empty(), "rel");

        assertThat(registry.manifest("team/app", "rel")).isEqualTo(made.image().manifest());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\0',
            value = {
                "{\"token\":\"a b\"}|gave no token",
                "{\"token\":\"a\\u0000\\r\\nX: 1\"}|gave no token",
                "{\"token\":\"\u00fc\"}|gave no token",
                "[\"a\"]|gave no token",
                "{\"errors\":[{\"code\":\"DENIED\",\"message\":\"account suspended\"}]}|gave no token (DENIED: account suspended)"
            })
    void whatIsNoTokenIsNotSent(String response, String told) {
        registry.require(LoopbackRegistry.Auth.BEARER);
        registry.tokenResponse(response);
        Registry images =
                client(Map.of("RELEASE_REGISTRY_USER", "ada", "RELEASE_REGISTRY_PASSWORD", "pa55"), wait -> {});

        assertThatThrownBy(() -> images.find(app))
                .isInstanceOf(ReleaseException.Unreachable.class)
                .hasMessageContaining(told);
    }

    @Test
    void aWrongDigestThatIsOnlySaidAccusesNobody() {
        made().keep();
        Digest release = made().image().digest();
        String other = "sha256:" + "a".repeat(64);
        registry.quirk(new LoopbackRegistry.Quirk() {
            @Override
            public int changed(HttpExchange exchange, int status) {
                if (Quirks.is(exchange, "HEAD manifests")) {
                    exchange.getResponseHeaders().set("Docker-Content-Digest", other);
                }
                return status;
            }
        });
        String tag = layer(images().find(app).stored().image()).tag();

        assertThat(images().tagFault(made().stored().name(), tag, release)).isEmpty();
        assertThat(images().tagFault(made().stored().name(), tag, new Digest("sha256:" + "b".repeat(64)))
                        .orElseThrow())
                .contains("got " + release);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ftp://localhost/x",
                "http://localhost:99999/x",
                "file:///etc/hosts",
                "http://",
                "mailto:a@b",
                "http://token_server/x"
            })
    void whatIsNoAddressOfAServerIsNotAsked(String address) {
        registry.quirk(Quirks.onceWith("GET manifests", 307, Map.of("Location", address), ""));

        assertThatThrownBy(() -> images().find(app))
                .isInstanceOf(ReleaseException.Unreachable.class)
                .hasMessageContaining("redirects without an address");

        registry.require(LoopbackRegistry.Auth.BEARER);
        registry.challenges(java.util.List.of("Bearer realm=\"" + address + "\""));
        assertThatThrownBy(() -> images().find(app))
                .isInstanceOf(ReleaseException.Unreachable.class)
                .hasMessageEndingWith(
                        "sends us to a place for tokens that is not safe: expected http:// and a host of letters,"
                                + " digits and dashes, got \"" + address + "\"");
    }
}
