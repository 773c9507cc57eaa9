package io.visitorcounter.release.engine;

/** Why a process of a rollout will not become ready.
 *
 *  @param task the pod or the task, as the engine names it and {@link Engine#logs} takes it
 *  @param reason one line that starts with the engine's own term: {@code CrashLoopBackOff, exit 4: http.port: expected
 *      1..65535}
 *  @param certain true: waiting does not help, such as with a missing image or a config that the app refuses; false: it
 *      may be transient, such as a registry that does not answer, and counts only if it lasts */
public record Doom(String task, String reason, boolean certain) {}
