package io.visitorcounter.web.fast;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import org.xnio.ChannelPipe;
import org.xnio.XnioIoThread;
import org.xnio.channels.StreamSinkChannel;
import org.xnio.channels.StreamSourceChannel;

/** Lets an I/O thread look for input once more, without waiting, before it runs a task. XNIO has no way to ask for
 *  this: a thread runs its tasks before its selector, which then waits. So the selector gets a pipe that always has a
 *  byte to read. For one thread; ends with it. */
final class NextPass {

    private final StreamSourceChannel alwaysReady;

    /** Prepares one task, which runs on the calling I/O thread.
     *
     *  @throws UncheckedIOException if the system has no pipe left */
    NextPass(XnioIoThread thread, Runnable task) {
        try {
            ChannelPipe<StreamSourceChannel, StreamSinkChannel> pipe = thread.createHalfDuplexPipe();
            alwaysReady = pipe.getLeftSide();
            pipe.getRightSide().write(ByteBuffer.allocate(1));
        } catch (IOException e) {
            throw new UncheckedIOException("no pipe: " + e.getMessage(), e);
        }
        alwaysReady.getReadSetter().set(source -> {
            source.suspendReads();
            // runs when everything that the pass has found is handled
            thread.execute(task);
        });
    }

    /** Runs the task after the thread's next pass. */
    void ask() {
        alwaysReady.resumeReads();
    }
}
