package io.visitorcounter.release.image;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/** A response's body that throws if it ends before the length in its header: the JDK's client takes that for a normal
 *  end. */
final class WholeBody extends FilterInputStream {

    private long left;

    WholeBody(InputStream in, long length) {
        super(in);
        this.left = length;
    }

    @Override
    public int read() throws IOException {
        int read = super.read();
        return counted(read < 0 ? -1 : 1, read);
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
        int read = super.read(into, offset, length);
        return counted(read, read);
    }

    private int counted(int bytes, int result) throws IOException {
        if (bytes < 0 && left > 0) {
            throw new IOException("the body ended " + left + " bytes early");
        }
        left -= Math.max(0, bytes);
        return result;
    }
}
