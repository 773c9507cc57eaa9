package io.visitorcounter.web;

import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import javax.management.JMException;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Gives memory back that the JVM took outside of its heap and has no more use for. Compiling the code of a busy app takes
 *  tens of MiB for some seconds, and the C library would keep them. */
final class NativeMemory implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(NativeMemory.class);

    // What jcmd calls System.trim_native_heap, of JDK 17.0.9 and later with glibc.
    private static final String COMMAND = "systemTrimNativeHeap";

    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "native-memory");
        thread.setDaemon(true);
        return thread;
    });

    private NativeMemory() {}

    /** {@return what gives memory back once in every period, until it is closed} */
    @SuppressWarnings("FutureReturnValueIgnored") // it ends with the timer
    static NativeMemory giveBackEvery(Duration period) {
        NativeMemory memory = new NativeMemory();
        memory.timer.scheduleWithFixedDelay(
                () -> {
                    if (!giveBack()) {
                        memory.close();
                    }
                },
                period.toMillis(),
                period.toMillis(),
                TimeUnit.MILLISECONDS);
        return memory;
    }

    /** {@return whether this JVM can give memory back; then it did} */
    static boolean giveBack() {
        MBeanServer beans = ManagementFactory.getPlatformMBeanServer();
        try {
            Object said = beans.invoke(
                    new ObjectName("com.sun.management:type=DiagnosticCommand"),
                    COMMAND,
                    new Object[] {new String[0]},
                    new String[] {String[].class.getName()});
            LOG.debug("{}", String.valueOf(said).strip());
            return true;
        } catch (JMException | RuntimeException e) {
            LOG.debug("this JVM gives no memory back", e);
            return false;
        }
    }

    @Override
    public void close() {
        timer.shutdownNow();
    }
}
