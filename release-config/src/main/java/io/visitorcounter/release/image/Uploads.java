package io.visitorcounter.release.image;

import io.visitorcounter.release.Digest;

/** Hears how an upload goes on: first {@code sent} with nothing sent, last {@code ended}. Several may go on at once, each
 *  on its own thread. */
public interface Uploads {

    /** Says nothing to anyone. */
    Uploads NONE = new Uploads() {

        @Override
        public void sent(Digest blob, long bytes, long size) {
            // Nobody asked.
        }

        @Override
        public void ended(Digest blob, long size, boolean whole) {
            // Nobody asked.
        }
    };

    /** Some of it was sent.
     *
     *  @param blob which one
     *  @param bytes sent until now
     *  @param size of it all */
    void sent(Digest blob, long bytes, long size);

    /** It has ended.
     *
     *  @param blob which one
     *  @param size of it all
     *  @param whole whether the registry has it now */
    void ended(Digest blob, long size, boolean whole);
}
