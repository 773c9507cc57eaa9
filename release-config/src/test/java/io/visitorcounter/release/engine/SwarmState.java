package io.visitorcounter.release.engine;

import io.visitorcounter.release.CanonicalJson;
import io.visitorcounter.release.Digest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;

/** States of a service of two tasks, in the words of a real Swarm. */
final class SwarmState {

    static final Digest OLD = Digest.of(new byte[] {1});
    static final Digest NEW = Digest.of(new byte[] {2});

    static final Rollout ROLLOUT =
            new Rollout(7, "app", NEW, """
            version: "3.8"
            services:
              app:
                image: "host/app@%s"
                environment:
                  RELEASE: "prod@v7"
                  GREETING: "5 $$"
                deploy:
                  replicas: 2
                  resources:
                    limits:
                      memory: "256M"
            secrets:
              PASSWORD:
                external: true
                name: "app-prod-PASSWORD"
            networks:
              default:
                external: true
                name: "app-prod"
            """.formatted(NEW.text()), Optional.of(2), Duration.ofMinutes(5));

    private final StringBuilder tasks = new StringBuilder();
    private final String service;

    private SwarmState(String service) {
        this.service = service;
    }

    /** A service with the new spec, changed at 12:00.
     *
     *  @param update its UpdateStatus's state, begun at 12:00; empty: it has none */
    static SwarmState of(String update) {
        return new SwarmState("""
                {"ID":"s","Version":{"Index":9},"CreatedAt":"2026-01-01T10:00:00Z","UpdatedAt":"2026-01-01T12:00:00.5Z",
                "Spec":{"Name":"prod_app","Labels":{"io.visitorcounter.deployment":"7"},"TaskTemplate":{"ContainerSpec":%s,
                "Resources":{"Limits":{"MemoryBytes":268435456}}},"Mode":{"Replicated":{"Replicas":2}}}%s}""".formatted(
                shown(NEW),
                update.isEmpty()
                        ? ""
                        : ",\"UpdateStatus\":{\"State\":\"" + update + "\",\"StartedAt\":\"2026-01-01T12:00:00.5Z\"}"));
    }

    /** As docker 28 shows the service of an engine 20.10, whose tasks have no such fields. */
    private static String shown(Digest image) {
        return container(image).replaceFirst("^.", "{\"DNSConfig\":{},\"Privileges\":{\"NoNewPrivileges\":false},");
    }

    private static String container(Digest image) {
        return "{\"Image\":\"host/app@" + image.text() + "\",\"Env\":[\"GREETING=5 $\",\"RELEASE=prod@v7\"]}";
    }

    SwarmState task(Digest image, String desired, String state, String created, String status) {
        tasks.append(tasks.length() == 0 ? "" : ",")
                .append("""
                {"ID":"t%d","CreatedAt":"2026-01-01T%sZ","Spec":{"ContainerSpec":%s},"DesiredState":"%s",
                "Status":{"State":"%s"%s}}""".formatted(tasks.length(), created, container(image), desired, state, status));
        return this;
    }

    SwarmState fresh() {
        return task(NEW, "running", "running", "12:00:01.25", "");
    }

    SwarmState failed(String state, String created, String err, int exit) {
        return task(
                NEW,
                "shutdown",
                state,
                created,
                ",\"Err\":\"" + err + "\",\"ContainerStatus\":{\"ExitCode\":" + exit + "}");
    }

    String service() {
        return "[" + service + "]";
    }

    String tasks() {
        return "[" + tasks + "]";
    }

    Look look() {
        try {
            return SwarmLook.of(
                    CanonicalJson.read(service.getBytes(StandardCharsets.UTF_8)),
                    CanonicalJson.read(tasks().getBytes(StandardCharsets.UTF_8)),
                    ROLLOUT);
        } catch (IOException e) {
            throw new IllegalArgumentException(service + tasks(), e);
        }
    }
}
