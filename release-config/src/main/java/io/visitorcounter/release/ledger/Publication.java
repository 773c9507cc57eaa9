package io.visitorcounter.release.ledger;

/** What became of an attempt to move the branch from the commit that was read to a new one. */
sealed interface Publication {

    /** The branch has the new commit. */
    record Done() implements Publication {}

    /** The branch has another commit than the one that was read: another was first. */
    record Overtaken() implements Publication {}

    /** The branch did not move, and apparently nobody else moved it.
     *
     *  @param obstacle what is in the way, and the next step
     *  @param lasting whether it will not go away by itself, so that another try is of no use */
    record Blocked(String obstacle, boolean lasting) implements Publication {}
}
