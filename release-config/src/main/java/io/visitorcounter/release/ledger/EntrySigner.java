package io.visitorcounter.release.ledger;

import java.util.SortedMap;

/** Signs what is appended. The ledger itself knows nothing about keys or trust. */
public interface EntrySigner {

    /** {@return signatures of an entry, bytes by file name, which go next to it} */
    SortedMap<String, byte[]> sign(Entry entry);

    /** {@return the signature that git keeps in a commit, armoured}
     *
     *  @param commit its bytes, without a signature */
    String signCommit(byte[] commit);
}
