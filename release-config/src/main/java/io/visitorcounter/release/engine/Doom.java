package io.visitorcounter.release.engine;

/** Why a process of a rollout will not come up.
 *
 *  @param task the pod or the task, as the engine names it and {@link Engine#logs} takes it
 *  @param reason one line, the engine's own word first: {@code CrashLoopBackOff, exit 4: http.port: expected 1..65535}
 *  @param certain true: no time helps, such as a missing image or a config that the app refuses; false: it may be a
 *      hiccup, such as a registry that does not answer, and means something only if it lasts */
public record Doom(String task, String reason, boolean certain) {}
