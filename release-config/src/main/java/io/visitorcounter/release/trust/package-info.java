/** Keys and signatures: who vouches for what, and until when. Knows {@code release}; touches no network.
 *
 *  <p>A signing key is a P-256 key as ssh-keygen makes it. A signer is one line of OpenSSH's {@code allowed_signers}: a
 *  public key, the principal that it speaks for, and when. A statement says something of a thing that it names by digest;
 *  a bundle is a statement with one signature, in the form of sigstore. An SSH signature is what git keeps in a commit. */
@NullMarked
package io.visitorcounter.release.trust;

import org.jspecify.annotations.NullMarked;
