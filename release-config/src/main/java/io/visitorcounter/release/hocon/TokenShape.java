package io.visitorcounter.release.hocon;

import java.util.Optional;
import java.util.regex.Pattern;

/** A form that only secrets have, so that it reveals one anywhere. Every repetition is bounded, so that no text takes
 *  long to search. */
public enum TokenShape {
    AWS_KEY("an AWS access key", "\\b(?:AKIA|ASIA)[0-9A-Z]{16}\\b"),
    GITHUB("a GitHub token", "\\b(?:gh[pousr]_[A-Za-z0-9]{36}|github_pat_[A-Za-z0-9_]{22})"),
    GITLAB("a GitLab token", "\\bglpat-[A-Za-z0-9_-]{20}"),
    SLACK("a Slack token", "\\bxox[abeoprs]-[A-Za-z0-9-]{10}"),
    SLACK_HOOK("a Slack webhook", "hooks\\.slack\\.com/services/[A-Za-z0-9]{1,40}/[A-Za-z0-9]{1,40}/[A-Za-z0-9]"),
    GOOGLE("a Google API key", "\\bAIza[0-9A-Za-z_-]{35}"),
    STRIPE("a Stripe key", "\\b[rs]k_(?:live|test)_[0-9A-Za-z]{16}"),
    NPM("an npm token", "\\bnpm_[A-Za-z0-9]{36}\\b"),
    AZURE("an Azure storage key", "AccountKey=[A-Za-z0-9+/]{40}"),
    JWT("a JSON web token", "\\beyJ[A-Za-z0-9_-]{8,500}\\.eyJ[A-Za-z0-9_-]{8}"),
    SENDGRID("a SendGrid key", "\\bSG\\.[A-Za-z0-9_-]{16,40}\\.[A-Za-z0-9_-]{16}"),
    PYPI("a PyPI token", "\\bpypi-AgEI[A-Za-z0-9_-]{16}"),
    DOCKER_HUB("a Docker Hub token", "\\bdckr_(?:pat|oat)_[A-Za-z0-9_-]{20}"),
    VAULT("a Vault token", "\\bhv[sbr]\\.[A-Za-z0-9_-]{20}"),
    PRIVATE_KEY(
            "a private key",
            "-----BEGIN (?:[A-Z0-9]{1,20} ){0,4}PRIVATE KEY|PuTTY-User-Key-File-[0-9]|AGE-SECRET-KEY-1[0-9A-Z]{20}"),
    HEADER("a login", "(?i:\\bAuthorization ?[:=] ?\"?(?:Basic|Bearer)) [A-Za-z0-9+/._~-]{8}"),
    // As in a URL or a connection string; a placeholder is not a password.
    PARAMETER("a password", "(?i:[?&;](?:password|passwd|pwd)=)[^&;\\s\"'$<{*%]"),
    // If the password is a reference, a quote ends the literal there, or a dollar starts the password.
    URL_PASSWORD(
            "a URL with a password", "\\b[a-z][a-z0-9+.-]{0,30}://[^/\\s:@\"]{0,200}:[^/\\s@\"$][^/\\s@\"]{0,200}@");

    private final String noun;
    private final Pattern pattern;

    TokenShape(String noun, String pattern) {
        this.noun = noun;
        this.pattern = Pattern.compile(pattern);
    }

    /** {@return what it is, with its article} */
    public String noun() {
        return noun;
    }

    /** {@return the first shape found in the text} */
    public static Optional<TokenShape> find(String text) {
        for (TokenShape shape : values()) {
            if (shape.pattern.matcher(text).find()) {
                return Optional.of(shape);
            }
        }
        return Optional.empty();
    }
}
