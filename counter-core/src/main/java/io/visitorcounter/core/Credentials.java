package io.visitorcounter.core;

/** A user and a password for a store; its text shows neither.
 *
 *  @param user an ACL user, or empty for the default user
 *  @param password the secret, at least 1 character */
public record Credentials(String user, String password) {

    @Override
    public String toString() {
        return "credentials";
    }
}
