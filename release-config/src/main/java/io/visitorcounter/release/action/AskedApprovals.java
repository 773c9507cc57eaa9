package io.visitorcounter.release.action;

import java.util.List;

/** The approvals that a release needs before it can be made.
 *
 *  @param needed how many people
 *  @param approvers the principals who may approve
 *  @param given who has approved, such as {@code alice (alice-laptop)}, oldest first */
public record AskedApprovals(int needed, List<String> approvers, List<String> given) {

    /** Copies the lists. */
    public AskedApprovals {
        approvers = List.copyOf(approvers);
        given = List.copyOf(given);
    }
}
