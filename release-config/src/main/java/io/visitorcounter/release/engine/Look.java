package io.visitorcounter.release.engine;

import io.visitorcounter.release.Digest;
import java.util.Collections;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** What an engine runs of a workload at one moment, compared with one rollout.
 *
 *  @param fence the last change to it
 *  @param settled whether the engine has seen the rollout's spec, and has nothing left to do for it
 *  @param wanted how many processes the engine should keep now
 *  @param ready how many processes with the rollout's spec and image digest are ready
 *  @param others how many processes have another spec or digest, including ending ones
 *  @param restarts how often processes with the rollout's spec have restarted
 *  @param digests how many processes there are of each image, ready or not
 *  @param doom why it will not become ready; empty: no known reason */
public record Look(
        Fence fence,
        boolean settled,
        int wanted,
        int ready,
        int others,
        int restarts,
        SortedMap<Digest, Integer> digests,
        Optional<Doom> doom) {

    public Look {
        digests = Collections.unmodifiableSortedMap(new TreeMap<>(digests));
    }

    /** {@return the state if there is no workload} */
    public static Look nothing() {
        return new Look(Fence.none(), false, 0, 0, 0, 0, new TreeMap<>(), Optional.empty());
    }

    /** {@return whether all wanted processes are ready, and no others are left} */
    public boolean isComplete() {
        return settled && wanted > 0 && ready >= wanted && others == 0 && doom.isEmpty();
    }
}
