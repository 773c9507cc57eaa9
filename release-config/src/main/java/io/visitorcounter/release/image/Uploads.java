package io.visitorcounter.release.image;

import io.visitorcounter.release.Digest;
import java.time.Duration;

/** Hears how an upload goes on: first {@code sent} with nothing sent, last {@code ended}; and of every request, not those of
 *  uploads only, that is made again. Several may go on at once, each on its own thread. */
public interface Uploads {

    /** Says nothing to anyone. */
    Uploads NONE = new Uploads() {};

    /** Some of it was sent. */
    default void sent(Digest blob, long bytes, long size) {}

    /** It has ended.
     *
     *  @param whole whether the registry has it now */
    default void ended(Digest blob, long size, boolean whole) {}

    /** A request failed in a way that may pass, and is made again after a wait.
     *
     *  @param why it failed, in one line, with the registry's name
     *  @param next which try comes next, 2-based */
    default void again(String why, int next, int most, Duration wait) {}
}
