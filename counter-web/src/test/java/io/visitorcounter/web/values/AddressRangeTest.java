package io.visitorcounter.web.values;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AddressRangeTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "10.0.0.0/33",
                "10.0.0",
                "localhost",
                "::/129",
                "1.2.3.4/",
                "1.2.3.4,",
                "999.1.1.1",
                "010.1.1.1",
                "a:b"
            })
    void whatIsNotARangeIsNamed(String text) {
        assertThat(AddressRange.LIST.matcher(text).matches()).isFalse();
        assertThatThrownBy(() -> AddressRange.listOf(text)).hasMessageStartingWith("expected an address or a range");
    }

    @Test
    void aRangeEndsWithinAByte() {
        AddressRange range = AddressRange.listOf("192.168.16.0/20").get(0);

        assertThat(List.of("192.168.16.0", "192.168.31.255")).allMatch(text -> range.holds(AddressRange.literal(text)));
        assertThat(List.of("192.168.15.255", "192.168.32.0", "::"))
                .noneMatch(text -> range.holds(AddressRange.literal(text)));
    }

    @Test
    void aMappedRangeIsTheRangeOfIpv4() {
        assertThat(AddressRange.listOf("::ffff:a00:0/104")).isEqualTo(AddressRange.listOf("10.0.0.0/8"));
        assertThat(AddressRange.listOf("::ffff:0:0/90").get(0).bits()).isZero();
    }
}
