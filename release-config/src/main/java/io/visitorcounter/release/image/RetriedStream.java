package io.visitorcounter.release.image;

import io.visitorcounter.release.ReleaseException;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.function.Supplier;

/** A blob's bytes. A broken connection is opened again, and reading continues where it broke. The reader checks the
 *  digest of the whole. */
final class RetriedStream extends InputStream {

    private final Supplier<InputStream> opener;
    private final RetryPolicy retry;
    private InputStream in;
    private long position;
    private int tried;

    RetriedStream(Supplier<InputStream> opener, RetryPolicy retry) {
        this.opener = opener;
        this.retry = retry;
        this.in = opener.get();
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        int read = read(one, 0, 1);
        return read < 0 ? read : one[0] & 0xff;
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
        while (true) {
            try {
                int read = in.read(into, offset, length);
                position += Math.max(0, read);
                return read;
            } catch (IOException e) {
                again(e);
            }
        }
    }

    private void again(IOException broken) throws IOException {
        if (retry.isLast(++tried)) {
            throw broken;
        }
        retry.pause(
                tried,
                Duration.ZERO,
                new ReleaseException.Unreachable("a download broke off: " + ReleaseException.reason(broken), broken));
        close();
        in = opener.get();
        in.skipNBytes(position);
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
