/** Keys and signatures: who vouches for what, and until when. Knows {@code release}; touches no network.
 *
 *  <p>A signing key is a private key as ssh-keygen makes it, P-256 or Ed25519. A signer is one line of OpenSSH's
 *  {@code allowed_signers}: a public key, its principal, and its validity. A statement is about a thing that it names
 *  by digest; a bundle is a statement with one signature, in the form of sigstore. An SSH signature is what git keeps
 *  in a commit. */
@NullMarked
package io.visitorcounter.release.trust;

import org.jspecify.annotations.NullMarked;
