package io.visitorcounter.release.ledger;

/** The result of an attempt to move the branch from the commit that was read to a new one. */
sealed interface Publication {

    /** The branch has the new commit. */
    record Done() implements Publication {}

    /** The branch no longer has the commit that was read: another writer was first. */
    record Overtaken() implements Publication {}

    /** The branch did not move, and apparently nobody else moved it.
     *
     *  @param obstacle what blocks it, and the next step
     *  @param lasting whether it will not go away by itself, so that a retry is useless */
    record Blocked(String obstacle, boolean lasting) implements Publication {}
}
