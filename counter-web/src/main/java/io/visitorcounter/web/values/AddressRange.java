package io.visitorcounter.web.values;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;

/** A range of IP addresses, such as {@code 10.0.0.0/8} or {@code ::1}.
 *
 *  @param first an address of the range
 *  @param bits how many leading bits all its addresses share */
public record AddressRange(InetAddress first, int bits) {

    private static final String OCTET = "(25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])";
    private static final String IPV4 = OCTET + "(\\." + OCTET + "){3}";
    private static final String RANGE =
            "(" + IPV4 + "(/(3[0-2]|[12]?[0-9]))?" + "|(" + ipv6() + ")(/(12[0-8]|1[01][0-9]|[1-9]?[0-9]))?)";

    /** Matches what {@link #listOf} accepts, except that a list may also be blank. */
    public static final Pattern LIST = Pattern.compile(" *(" + RANGE + " *(, *(?=[^ ])|$))*");

    // Only digits, since a name would be looked up, and no leading 0, since some programs read 010 as 8 and others as
    // 10.
    private static final Pattern LITERAL = Pattern.compile(IPV4 + "|[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*");

    private static final int MAPPED_BITS = 96;

    /** {@return the ranges of a comma-separated list; none if it is blank}
     *
     *  @param text a text that {@link #LIST} matches
     *  @throws IllegalArgumentException naming the part that is not a range */
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
        if (slash < 0) {
            return new AddressRange(first, max);
        }
        String length = text.substring(slash + 1);
        // Java reads an IPv4 address that is written as IPv6, ::ffff:a00:1, as IPv4.
        int mapped = first instanceof Inet4Address && text.indexOf(':') >= 0 ? MAPPED_BITS : 0;
        if (!length.matches("[0-9]{1,3}") || Integer.parseInt(length) > max + mapped) {
            throw notOne(text);
        }
        return new AddressRange(first, Math.max(0, Integer.parseInt(length) - mapped));
    }

    /** {@return the address in the text; names are not looked up}
     *
     *  @throws IllegalArgumentException if it is not an address */
    public static InetAddress literal(String text) {
        if (LITERAL.matcher(text).matches()) {
            try {
                return InetAddress.getByName(text);
            } catch (UnknownHostException e) {
                throw notOne(text);
            }
        }
        throw notOne(text);
    }

    private static IllegalArgumentException notOne(String text) {
        return new IllegalArgumentException("expected an address or a range such as 10.0.0.0/8, got \"" + text + "\"");
    }

    /** {@return whether the address is in one of the ranges} */
    public static boolean anyHolds(List<AddressRange> ranges, InetAddress address) {
        for (AddressRange range : ranges) {
            if (range.holds(address)) {
                return true;
            }
        }
        return false;
    }

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

    /** {@return the forms of RFC 4291, 2.2, without the one that ends in an IPv4 address} */
    private static String ipv6() {
        String group = "[0-9A-Fa-f]{1,4}";
        List<String> forms = new ArrayList<>();
        forms.add("(G:){7}G");
        for (int before = 1; before < 7; before++) {
            forms.add("(G:){1," + before + "}(:G){1," + (7 - before) + "}");
        }
        forms.add("(G:){1,7}:");
        forms.add(":((:G){1,7}|:)");
        return String.join("|", forms).replace("G", group);
    }
}
