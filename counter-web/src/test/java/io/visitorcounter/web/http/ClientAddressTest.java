package io.visitorcounter.web.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.undertow.server.HttpServerExchange;
import io.undertow.util.Headers;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

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

    @ParameterizedTest
    @ValueSource(strings = {"10.0.0.0/33", "10.0.0", "localhost", "::/129", "1.2.3.4/", "1.2.3.4,", "999.1.1.1", "a:b"})
    void whatIsNoRangeIsNamed(String text) {
        assertThatThrownBy(() -> AddressRange.listOf(text)).hasMessageStartingWith("expected an address or a range");
    }

    @Test
    void aRangeEndsWithinAByte() {
        AddressRange range = AddressRange.listOf("192.168.16.0/20").get(0);

        assertThat(List.of("192.168.16.0", "192.168.31.255")).allMatch(text -> range.holds(AddressRange.literal(text)));
        assertThat(List.of("192.168.15.255", "192.168.32.0", "::"))
                .noneMatch(text -> range.holds(AddressRange.literal(text)));
    }
}
