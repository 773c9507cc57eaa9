package io.visitorcounter.release.cli;

import io.visitorcounter.release.Digest;
import io.visitorcounter.release.PrintableText;
import io.visitorcounter.release.image.Uploads;
import java.time.Duration;

/** Shows uploads on stderr: a line for each blob, which grows on a terminal and is written once elsewhere. Retries get
 *  a line too, so that it is clear what a command waits for. */
final class UploadLines implements Uploads {

    private static final long KIB = 1024;
    private static final long MIB = KIB * 1024;

    private final ProcessContext context;
    private String shown = "";

    UploadLines(ProcessContext context) {
        this.context = context;
    }

    @Override
    public synchronized void sent(Digest blob, long bytes, long size) {
        int percent = size == 0 ? 100 : (int) (bytes * 100 / size);
        String now = line(blob, size) + "  " + percent + " %";
        if (context.isErrTerminal() && !now.equals(shown)) {
            shown = now;
            context.overwrite(now);
        }
    }

    @Override
    public synchronized void ended(Digest blob, long size, boolean whole) {
        shown = "";
        if (context.isErrTerminal()) {
            context.overwrite("");
        }
        // A failed upload is reported as an error.
        if (whole) {
            context.err().println(line(blob, size));
        }
    }

    @Override
    public synchronized void again(String why, int next, int most, Duration wait) {
        if (context.isErrTerminal() && !shown.isEmpty()) {
            context.overwrite("");
        }
        shown = "";
        context.err()
                .println("again    "
                        + PrintableText.oneLine(PrintableText.withoutPasswords(why))
                        + "; try " + next + " of " + most + " in " + tenths(wait.toMillis(), 1000) + " s");
    }

    private static String line(Digest blob, long size) {
        return "upload   " + blob.shortText() + "  " + amount(size);
    }

    private static String amount(long bytes) {
        if (bytes < KIB) {
            return bytes + " bytes";
        }
        return bytes < MIB ? tenths(bytes, KIB) + " KiB" : tenths(bytes, MIB) + " MiB";
    }

    // Written by hand: String.format with a number makes the JDK load its locale data, which takes 10 ms.
    private static String tenths(long bytes, long unit) {
        long tenths = (bytes * 10 + unit / 2) / unit;
        return tenths / 10 + "." + tenths % 10;
    }
}
