package io.visitorcounter.release.engine;

import io.visitorcounter.release.Digest;
import java.util.Collections;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** What an engine runs of a workload at one moment, held to one rollout.
 *
 *  @param fence who was last at it
 *  @param settled whether the engine has seen the rollout's spec, and has nothing left to do for it
 *  @param wanted how many processes the engine is to keep now
 *  @param ready how many processes of the rollout's own spec are ready, their images by digest the rollout's
 *  @param others how many processes there are of any other spec or digest, ending ones included
 *  @param restarts how often processes of the rollout's own spec have started again
 *  @param digests how many processes there are of each image, ready or not
 *  @param doom why it will not come up; empty: nothing is known to keep it */
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

    /** {@return what is seen where there is no workload} */
    public static Look nothing() {
        return new Look(Fence.none(), false, 0, 0, 0, 0, new TreeMap<>(), Optional.empty());
    }

    /** {@return whether all that is wanted is ready, and nothing else is left} */
    public boolean isComplete() {
        return settled && wanted > 0 && ready >= wanted && others == 0 && doom.isEmpty();
    }
}
