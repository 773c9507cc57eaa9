package io.visitorcounter.release.engine;

import io.visitorcounter.release.Digest;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;

/** What an engine should run: one deployment of one release. Two rollouts with the same manifest start the same
 *  processes, whatever their numbers are.
 *
 *  @param number the deployment's, 1-based and dense within an environment; the engine keeps it where changing it
 *      restarts no process
 *  @param workload the name of the Deployment or of the service
 *  @param image the digest of the release image's manifest
 *  @param manifest the documents for the engine, in UTF-8, without the number; recorded byte for byte
 *  @param replicas how many processes; empty: the engine or its autoscaler decides
 *  @param timeout the time limit for becoming healthy */
public record Rollout(
        int number, String workload, Digest image, String manifest, Optional<Integer> replicas, Duration timeout) {

    /** Checks the bounds. */
    public Rollout {
        if (number < 1) {
            throw new IllegalArgumentException("deployment: expected a number of 1 or more, got " + number);
        }
        if (replicas.isPresent() && replicas.get() < 1) {
            throw new IllegalArgumentException("replicas: expected 1 or more, got " + replicas.get());
        }
    }

    /** {@return the digest of the manifest} */
    public Digest manifestDigest() {
        return Digest.of(manifest.getBytes(StandardCharsets.UTF_8));
    }

    /** {@return the same content under another number, for a back-out}
     *
     *  @param other the number of the deployment that acts */
    public Rollout numbered(int other) {
        return new Rollout(other, workload, image, manifest, replicas, timeout);
    }
}
