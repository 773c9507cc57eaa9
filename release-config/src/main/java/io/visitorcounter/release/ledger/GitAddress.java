package io.visitorcounter.release.ledger;

import io.visitorcounter.release.PrintableText;
import io.visitorcounter.release.ReleaseException;
import java.math.BigInteger;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The URL of a git repository, in any of the forms that git accepts: {@code https://host/path}, {@code ssh://},
 *  {@code git://}, {@code file://}, and {@code user@host:path}.
 *
 *  @param text as passed to git; it may hold a password */
record GitAddress(String text) {

    private static final Pattern URL = Pattern.compile("([A-Za-z][A-Za-z0-9+.-]*)://(.*)", Pattern.DOTALL);
    // Like git, by a colon before the first slash. A single letter before it is a Windows drive.
    private static final Pattern SCP =
            Pattern.compile("(?:[^/\\\\:@]+@)?(?:\\[[^\\]]+\\]|[^/\\\\:@]{2,}):.+", Pattern.DOTALL);
    private static final Pattern PORT =
            Pattern.compile("(?:[^/@]*@)?(?:\\[[^\\]/]*\\]|[^/:@]*):([0-9]+)(?:/.*)?", Pattern.DOTALL);
    private static final int MAX_PORT = 65535;
    private static final Set<String> SCHEMES = Set.of("https", "http", "ssh", "git", "file", "git+ssh", "ssh+git");
    private static final String FILE = "file://";

    /** {@return the text as an address; empty if it is a path}
     *
     *  @throws ReleaseException.Usage if it is a URL that git does not support, or its port is none */
    static Optional<GitAddress> of(String text) {
        Matcher url = URL.matcher(text);
        if (!url.matches()) {
            return SCP.matcher(text).matches() ? Optional.of(new GitAddress(text)) : Optional.empty();
        }
        String scheme = url.group(1).toLowerCase(Locale.ROOT);
        if (!SCHEMES.contains(scheme)) {
            throw new ReleaseException.Usage(PrintableText.oneLine(text) + ": expected https, ssh, git or file as the"
                    + " scheme of a repository's URL, got " + scheme);
        }
        Matcher port = PORT.matcher(url.group(2));
        if (port.matches() && new BigInteger(port.group(1)).compareTo(BigInteger.valueOf(MAX_PORT)) > 0) {
            throw new ReleaseException.Usage(
                    PrintableText.oneLine(text) + ": expected a port up to " + MAX_PORT + ", got " + port.group(1));
        }
        return Optional.of(new GitAddress(scheme + "://" + url.group(2)));
    }

    /** {@return the folder that a {@code file://} URL names; empty for any other}
     *
     *  @throws ReleaseException.Usage if it names a host */
    Optional<Path> folder() {
        if (!text.startsWith(FILE)) {
            return Optional.empty();
        }
        String path = text.substring(FILE.length());
        if (path.startsWith("localhost/")) {
            path = path.substring("localhost".length());
        }
        if (!path.startsWith("/")) {
            throw new ReleaseException.Usage(
                    text + ": expected three slashes and a path, as in file:///srv/ledger.git");
        }
        return Optional.of(Path.of(path));
    }

    /** {@return the same text for every spelling of the address: without login and trailing slash} */
    String identity() {
        Matcher url = URL.matcher(text);
        if (!url.matches()) {
            return text;
        }
        String rest = url.group(2);
        int slash = rest.indexOf('/');
        String host = slash < 0 ? rest : rest.substring(0, slash);
        String path = slash < 0 ? "" : rest.substring(slash);
        String place = host.substring(host.lastIndexOf('@') + 1).toLowerCase(Locale.ROOT);
        return url.group(1) + "://" + place + path.replaceAll("/+$", "");
    }

    /** {@return the address, safe to print} */
    @Override
    public String toString() {
        return PrintableText.oneLine(text);
    }
}
