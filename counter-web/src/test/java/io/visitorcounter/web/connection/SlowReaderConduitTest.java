package io.visitorcounter.web.connection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.visitorcounter.web.http.ClientAddress;
import io.visitorcounter.web.http.PerClientLimit;
import java.io.IOException;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.xnio.conduits.StreamSinkConduit;

/** Which of the clients that do not read are closed. */
class SlowReaderConduitTest {

    private final List<String> refused = new ArrayList<>();

    @Test
    void asManyAsMayLeaveTheirResponsesUnreadAndTheNextOneIsClosed() throws Exception {
        SlowReaders readers = new SlowReaders(2, perClient(2));
        FullSocket socket = new FullSocket();
        SlowReaderConduit first = conduit(socket, readers, 1);
        SlowReaderConduit second = conduit(socket, readers, 2);
        SlowReaderConduit third = conduit(socket, readers, 3);

        first.write(ByteBuffer.allocate(10));
        first.write(ByteBuffer.allocate(10));
        second.write(new ByteBuffer[] {ByteBuffer.allocate(10)}, 0, 1);
        assertThatThrownBy(() -> third.write(ByteBuffer.allocate(10))).isInstanceOf(IOException.class);

        assertThat(refused).containsExactly(Refusals.UNREAD);
        first.close();
        third.write(ByteBuffer.allocate(10));
        socket.takes = true;
        second.write(ByteBuffer.allocate(10));
        socket.takes = false;
        conduit(socket, readers, 4).write(ByteBuffer.allocate(10));
    }

    @Test
    void oneAddressCantTakeAllPlaces() throws Exception {
        SlowReaders readers = new SlowReaders(10, perClient(1));
        FullSocket socket = new FullSocket();

        conduit(socket, readers, 1).write(ByteBuffer.allocate(10));

        assertThatThrownBy(() -> conduit(socket, readers, 1).write(ByteBuffer.allocate(10)))
                .isInstanceOf(IOException.class);
        conduit(socket, readers, 2).write(ByteBuffer.allocate(10));
    }

    private static PerClientLimit perClient(int max) {
        return new PerClientLimit(new ClientAddress(List.of()), max);
    }

    private SlowReaderConduit conduit(FullSocket socket, SlowReaders readers, int client) throws IOException {
        return new SlowReaderConduit(
                socket.conduit(), readers, refused::add, InetAddress.getByAddress(new byte[] {10, 0, 0, (byte) client
                }));
    }

    /** A socket whose buffer is full, or has room for all. */
    private static final class FullSocket implements InvocationHandler {

        private boolean takes;

        StreamSinkConduit conduit() {
            return (StreamSinkConduit) Proxy.newProxyInstance(
                    StreamSinkConduit.class.getClassLoader(), new Class<?>[] {StreamSinkConduit.class}, this);
        }

        @Override
        public Object invoke(Object proxy, Method method, Object[] arguments) {
            if (arguments[0] instanceof ByteBuffer buffer) {
                int length = takes ? buffer.remaining() : 0;
                buffer.position(buffer.position() + length);
                return length;
            }
            return 0L;
        }
    }
}
