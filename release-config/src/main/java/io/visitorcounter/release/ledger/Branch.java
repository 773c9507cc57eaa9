package io.visitorcounter.release.ledger;

import org.eclipse.jgit.lib.Constants;

/** The two branches of a ledger's repository. Each has its own chain and its own kinds of entries, so that a reader of
 *  one need not know the other, and writers to different ones never wait for each other. */
enum Branch {
    /** What was released: {@link Release}, {@link Freeze}, {@link Approval} and {@link Endorsement}. */
    RELEASES("releases", "nothing was released", "others released first"),
    /** What was deployed: {@link Deployment} and {@link DeploymentEnd}. */
    DEPLOYMENTS("deployments", "nothing was recorded", "others deployed first");

    private final String word;
    private final String nothing;
    private final String overtaken;

    Branch(String word, String nothing, String overtaken) {
        this.word = word;
        this.nothing = nothing;
        this.overtaken = overtaken;
    }

    /** {@return the name for people} */
    String word() {
        return word;
    }

    /** {@return what did not happen, when an append failed} */
    String nothing() {
        return nothing;
    }

    /** {@return what others did first} */
    String overtaken() {
        return overtaken;
    }

    /** {@return the advice on how to find out who damaged a file of it, for the end of a fault} */
    String history(String path) {
        return "; see git log -p " + word + " -- " + path + ", and take that commit back with git revert";
    }

    /** {@return the name for git} */
    String ref() {
        return Constants.R_HEADS + word;
    }
}
