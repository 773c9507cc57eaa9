package io.visitorcounter.release.cli;

import com.sun.jdi.Bootstrap;
import com.sun.jdi.Method;
import com.sun.jdi.ReferenceType;
import com.sun.jdi.VirtualMachine;
import com.sun.jdi.connect.Connector;
import com.sun.jdi.connect.ListeningConnector;
import com.sun.jdi.event.BreakpointEvent;
import com.sun.jdi.event.ClassPrepareEvent;
import com.sun.jdi.event.Event;
import com.sun.jdi.event.EventSet;
import com.sun.jdi.event.VMDeathEvent;
import com.sun.jdi.event.VMDisconnectEvent;
import com.sun.jdi.request.ClassPrepareRequest;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** The command in a JVM of its own, under a debugger that stops it where a method begins. */
final class StoppedTool {

    private final ToolProcess process;
    private final VirtualMachine machine;
    private final String type;
    private final String method;

    private StoppedTool(ToolProcess process, VirtualMachine machine, String type, String method) {
        this.process = process;
        this.machine = machine;
        this.type = type;
        this.method = method;
    }

    /** Runs a command until a method without parameters is called for the nth time, and kills it there, as {@code kill -9}
     *  does.
     *
     *  @param nth 1 is the first call
     *  @param type the method's class
     *  @param method its name
     *  @return whether it was killed; else it ended before */
    static boolean killedAt(
            int nth, String type, String method, Path project, Map<String, String> variables, String... arguments)
            throws Exception {
        ListeningConnector connector = Bootstrap.virtualMachineManager().listeningConnectors().stream()
                .filter(each -> each.transport().name().equals("dt_socket"))
                .findFirst()
                .orElseThrow();
        Map<String, Connector.Argument> settings = connector.defaultArguments();
        Map.of("localAddress", "127.0.0.1", "port", "0", "timeout", "60000")
                .forEach((name, value) ->
                        Objects.requireNonNull(settings.get(name), name).setValue(value));
        String address = connector.startListening(settings);
        try {
            ToolProcess process = ToolProcess.start(
                    List.of("-agentlib:jdwp=transport=dt_socket,server=n,suspend=y,address=" + address),
                    project,
                    variables,
                    arguments);
            return new StoppedTool(process, connector.accept(settings), type, method).killAt(nth);
        } finally {
            connector.stopListening(settings);
        }
    }

    private boolean killAt(int nth) throws InterruptedException {
        ClassPrepareRequest prepared = machine.eventRequestManager().createClassPrepareRequest();
        prepared.addClassFilter(type);
        prepared.enable();
        int calls = 0;
        while (true) {
            EventSet events = machine.eventQueue().remove();
            for (Event event : events) {
                if (event instanceof ClassPrepareEvent ready) {
                    stopAt(ready.referenceType());
                } else if (event instanceof BreakpointEvent) {
                    calls++;
                    if (calls == nth) {
                        process.kill();
                        return true;
                    }
                } else if (event instanceof VMDeathEvent || event instanceof VMDisconnectEvent) {
                    process.await();
                    return false;
                }
            }
            events.resume();
        }
    }

    private void stopAt(ReferenceType loaded) {
        for (Method each : loaded.methodsByName(method)) {
            if (each.argumentTypeNames().isEmpty()) {
                machine.eventRequestManager()
                        .createBreakpointRequest(each.location())
                        .enable();
            }
        }
    }
}
