package io.visitorcounter.web.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.undertow.server.HttpServerExchange;
import io.undertow.util.Headers;
import io.visitorcounter.web.values.AddressRange;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ClientAddressTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "none",
            value = {
                "nobody is trusted          |                    | 10.0.0.1 | 1.2.3.4                | 10.0.0.1",
                "the peer is not trusted    | 10.0.0.0/8         | 9.9.9.9  | 1.2.3.4                | 9.9.9.9",
                "one proxy                  | 10.0.0.0/8         | 10.0.0.1 | 1.2.3.4                | 1.2.3.4",
                "two proxies                | 10.0.0.0/8         | 10.0.0.1 | 1.2.3.4, 10.0.0.2      | 1.2.3.4",
                "what the client wrote      | 10.0.0.0/8         | 10.0.0.1 | 6.6.6.6, 1.2.3.4       | 1.2.3.4",
                "no header                  | 10.0.0.0/8         | 10.0.0.1 | none                   | 10.0.0.1",
                "nonsense                   | 10.0.0.0/8         | 10.0.0.1 | 1.2.3.4, <script>      | 10.0.0.1",
                "a name is not looked up    | 10.0.0.0/8         | 10.0.0.1 | localhost              | 10.0.0.1",
                "read as 8 or as 10         | 10.0.0.0/8         | 10.0.0.1 | 1.2.3.4, 010.0.0.2     | 10.0.0.1",
                "all are proxies            | 10.0.0.0/8         | 10.0.0.1 | 10.0.0.3, 10.0.0.2     | 10.0.0.3",
                "IPv6                       | 2001:db8::/32, ::1 | ::1      | 2a00::5, 2001:db8::7   | 2a00::5",
            })
    void theClientIsTheNearestThatIsNoTrustedProxy(
            String name, String trusted, String peer, String forwarded, String expected) throws Exception {
        ClientAddress address = new ClientAddress(AddressRange.listOf(trusted == null ? "" : trusted));
        HttpServerExchange exchange = new HttpServerExchange(null);
        exchange.setSourceAddress(new InetSocketAddress(AddressRange.literal(peer), 1));
        if (forwarded != null) {
            exchange.getRequestHeaders().put(Headers.X_FORWARDED_FOR, forwarded);
        }

        InetAddress client = address.of(exchange);

        assertThat(client).as(name).isEqualTo(AddressRange.literal(expected));
    }

    @Test
    void addressesOfOneIpv6NetworkAreOneClient() {
        assertThat(ClientAddress.network(AddressRange.literal("2001:db8:1:2:3:4:5:6")))
                .isEqualTo(AddressRange.literal("2001:db8:1:2::"));
        assertThat(ClientAddress.network(AddressRange.literal("1.2.3.4"))).isEqualTo(AddressRange.literal("1.2.3.4"));
    }
}
