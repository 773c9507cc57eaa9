package io.visitorcounter.release.image;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.ProxySelector;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.net.ssl.SSLContext;

/** Sends the requests that the JDK's older client can't, with its newer one. */
final class NewerHttp {

    private NewerHttp() {}

    /** {@return the response, whatever its status}
     *
     *  @param via the proxy; empty for none
     *  @param tls the TLS settings; empty for Java's own
     *  @throws IOException if there is no response */
    static RegistryResponse send(RegistryHttp.Request request, Optional<HttpSettings.Via> via, Optional<SSLContext> tls)
            throws IOException {
        HttpClient.Builder client = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .followRedirects(HttpClient.Redirect.NEVER)
                .connectTimeout(RegistryHttp.CONNECT_TIMEOUT)
                .proxy(via.map(each -> ProxySelector.of(each.address())).orElse(HttpClient.Builder.NO_PROXY));
        tls.ifPresent(client::sslContext);
        via.flatMap(HttpSettings.Via::login).map(RegistryHttp.ProxyLogin::new).ifPresent(client::authenticator);
        HttpRequest.Builder asked = HttpRequest.newBuilder(request.uri())
                .timeout(RegistryHttp.READ_TIMEOUT)
                .setHeader("User-Agent", RegistryHttp.USER_AGENT)
                .method(
                        request.method(),
                        request.body()
                                .map(body -> HttpRequest.BodyPublishers.ofByteArray(body.bytes()))
                                .orElse(HttpRequest.BodyPublishers.noBody()));
        request.headers().forEach(asked::setHeader);
        try {
            HttpResponse<byte[]> response = client.build().send(asked.build(), HttpResponse.BodyHandlers.ofByteArray());
            return new RegistryResponse(
                    request,
                    response.statusCode(),
                    fields(response),
                    new ByteArrayInputStream(response.body()),
                    () -> {});
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    private static List<Map.Entry<String, String>> fields(HttpResponse<?> response) {
        return response.headers().map().entrySet().stream()
                .<Map.Entry<String, String>>flatMap(
                        field -> field.getValue().stream().map(value -> Map.entry(field.getKey(), value)))
                .toList();
    }
}
