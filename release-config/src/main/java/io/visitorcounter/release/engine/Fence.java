package io.visitorcounter.release.engine;

import java.util.Optional;

/** The last change to a workload. Applying names the fence that was read before, so if two apply at once, only one
 *  succeeds.
 *
 *  @param deployment the number that the workload carries; empty: there is no workload, or this tool did not apply it
 *  @param version the engine's own version of the workload, only to be compared for equality; empty: there is no
 *      workload */
public record Fence(Optional<Integer> deployment, Optional<String> version) {

    /** {@return the fence of a workload}
     *
     *  @param number what it carries as its deployment's; no number where this tool did not apply it */
    static Fence of(String number, String version) {
        return new Fence(
                Optional.of(number)
                        .filter(text -> text.matches("[1-9][0-9]{0,8}"))
                        .map(Integer::valueOf),
                Optional.of(version));
    }

    /** {@return the fence where there is no workload yet} */
    public static Fence none() {
        return new Fence(Optional.empty(), Optional.empty());
    }
}
