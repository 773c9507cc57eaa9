package io.visitorcounter.release.image;

import io.visitorcounter.release.Digest;
import java.time.Duration;

/** Receives the progress of uploads: first {@code sent} with nothing sent, last {@code ended}. Also receives each retry
 *  of any request. Several uploads may run at once, each on its own thread. */
public interface Uploads {

    /** Ignores everything. */
    Uploads NONE = new Uploads() {};

    /** Some of it was sent. */
    default void sent(Digest blob, long bytes, long size) {}

    /** It has ended.
     *
     *  @param whole whether the registry has it now */
    default void ended(Digest blob, long size, boolean whole) {}

    /** A request had a transient failure, and is retried after a wait.
     *
     *  @param why it failed, in one line, with the registry's name
     *  @param next the number of the next try, from 2 */
    default void again(String why, int next, int most, Duration wait) {}
}
