package io.visitorcounter.web.http;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;

/** A range of IP addresses, as in {@code 10.0.0.0/8} or {@code ::1}.
 *
 *  @param first an address of the range
 *  @param bits how many leading bits all its addresses share */
public record AddressRange(InetAddress first, int bits) {

    // No letter but hexadecimal digits: a name would be looked up.
    private static final Pattern LITERAL =
            Pattern.compile("[0-9]{1,3}(\\.[0-9]{1,3}){3}|[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*");

    /** {@return the ranges of a list separated by commas; none where it is blank}
     *
     *  @throws IllegalArgumentException naming the part that is no range */
    public static List<AddressRange> listOf(String text) {
        return text.isBlank()
                ? List.of()
                : Arrays.stream(text.split(",", -1))
                        .map(part -> of(part.strip()))
                        .toList();
    }

    private static AddressRange of(String text) {
        int slash = text.indexOf('/');
        InetAddress first = literal(slash < 0 ? text : text.substring(0, slash));
        int max = first.getAddress().length * 8;
        String length = slash < 0 ? String.valueOf(max) : text.substring(slash + 1);
        if (!length.matches("[0-9]{1,3}") || Integer.parseInt(length) > max) {
            throw new IllegalArgumentException("expected an address or a range as 10.0.0.0/8, got \"" + text + "\"");
        }
        return new AddressRange(first, Integer.parseInt(length));
    }

    /** {@return the address that the text spells; names are not looked up}
     *
     *  @throws IllegalArgumentException if it spells none */
    static InetAddress literal(String text) {
        try {
            if (LITERAL.matcher(text).matches()) {
                return InetAddress.getByName(text);
            }
        } catch (UnknownHostException e) {
            // falls through: it looks like an address and is none
        }
        throw new IllegalArgumentException("expected an address or a range as 10.0.0.0/8, got \"" + text + "\"");
    }

    /** {@return whether the address is in one of the ranges} */
    static boolean anyHolds(List<AddressRange> ranges, InetAddress address) {
        for (AddressRange range : ranges) {
            if (range.holds(address)) {
                return true;
            }
        }
        return false;
    }

    /** {@return whether the address is in the range} */
    boolean holds(InetAddress address) {
        byte[] a = first.getAddress();
        byte[] b = address.getAddress();
        if (a.length != b.length) {
            return false;
        }
        int whole = bits / 8;
        int rest = bits % 8;
        return Arrays.equals(a, 0, whole, b, 0, whole) && (rest == 0 || (a[whole] ^ b[whole]) >> (8 - rest) == 0);
    }
}
