package io.visitorcounter.web.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.xnio.conduits.StreamSinkConduit;

class CoalescedWritesTest {

    private static final String HEAD = "HTTP/1.1 200 OK\r\n\r\n";
    private static final String BODY = "Hi Visitor Count: 9";

    private final ByteArrayOutputStream socket = new ByteArrayOutputStream();
    private final List<String> writes = new ArrayList<>();
    private int room = Integer.MAX_VALUE;

    private final CoalescedWrites conduit = new CoalescedWrites((StreamSinkConduit) Proxy.newProxyInstance(
            getClass().getClassLoader(), new Class<?>[] {StreamSinkConduit.class}, (proxy, method, args) -> {
                if (!method.getName().equals("write")) {
                    throw new UnsupportedOperationException(method.toString());
                }
                if (room < 0) {
                    throw new IOException("broken pipe");
                }
                if (args[0] instanceof ByteBuffer one) {
                    writes.add("one");
                    return take(one);
                }
                writes.add("several");
                long taken = 0;
                for (int i = (int) args[1]; i < (int) args[1] + (int) args[2]; i++) {
                    taken += take(((ByteBuffer[]) args[0])[i]);
                }
                return taken;
            }));

    /** Takes no more than the socket has room for. */
    private int take(ByteBuffer from) {
        byte[] bytes = new byte[Math.min(room, from.remaining())];
        from.get(bytes);
        socket.writeBytes(bytes);
        room -= bytes.length;
        return bytes.length;
    }

    private static ByteBuffer buffer(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
        return ByteBuffer.allocateDirect(bytes.length + 10)
                .position(3)
                .put(bytes)
                .limit(3 + bytes.length)
                .position(3);
    }

    private String sent() {
        return socket.toString(StandardCharsets.US_ASCII);
    }

    @Test
    void headAndBodyAreOneWrite() throws Exception {
        ByteBuffer[] sources = {buffer("not this"), buffer(HEAD), buffer(BODY), buffer("nor this")};

        long written = conduit.write(sources, 1, 2);

        assertThat(written).isEqualTo(HEAD.length() + BODY.length());
        assertThat(sent()).isEqualTo(HEAD + BODY);
        assertThat(writes).containsExactly("one");
        assertThat(sources[1].hasRemaining() || sources[2].hasRemaining()).isFalse();
        assertThat(sources[0].remaining()).isEqualTo("not this".length());
    }

    @Test
    void whateverTheSocketTakesTheRestStays() throws Exception {
        for (int taken = 0; taken <= HEAD.length() + BODY.length(); taken++) {
            socket.reset();
            ByteBuffer[] sources = {buffer(HEAD), buffer(BODY)};
            room = taken;

            long first = conduit.write(sources, 0, 2);

            assertThat(first).isEqualTo(taken);
            assertThat(sources[0].remaining() + sources[1].remaining())
                    .isEqualTo(HEAD.length() + BODY.length() - taken);

            room = Integer.MAX_VALUE;
            conduit.write(sources, 0, 2);

            assertThat(sent()).as("after %s bytes", taken).isEqualTo(HEAD + BODY);
        }
    }

    @Test
    void aLongAnswerIsNotCopied() throws Exception {
        String page = "x".repeat(CoalescedWrites.MOST);
        ByteBuffer[] sources = {buffer(HEAD), buffer(page)};

        conduit.write(sources, 0, 2);

        assertThat(sent()).isEqualTo(HEAD + page);
        assertThat(writes).containsExactly("several");
    }

    @Test
    void aBrokenConnectionIsTheCallersToSee() {
        ByteBuffer[] sources = {buffer(HEAD), buffer(BODY)};
        room = -1;

        assertThatThrownBy(() -> conduit.write(sources, 0, 2)).isInstanceOf(IOException.class);

        assertThat(sources[0].remaining()).isEqualTo(HEAD.length());
        assertThat(sources[1].remaining()).isEqualTo(BODY.length());
    }
}
