package io.visitorcounter.release.image;

import io.visitorcounter.release.Digest;
import io.visitorcounter.release.ReleaseException;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The reference of an image in a registry: {@code host:port/name:tag} or {@code host:port/name@sha256:…}. Docker Hub
 *  is always the host {@code docker.io}, whichever of its names was given.
 *
 *  @param host the registry, with its port, if it has one
 *  @param repository the name within the registry
 *  @param tag a name that can move
 *  @param digest a name that can't */
record ImageReference(String host, String repository, Optional<String> tag, Optional<Digest> digest) {

    /** Docker Hub's host in image names. */
    static final String HUB = "docker.io";

    // The server of Docker Hub's registry; its other names lead to a web site.
    private static final String HUB_SERVER = "registry-1.docker.io";
    private static final Set<String> HUB_NAMES = Set.of(HUB, "index.docker.io", HUB_SERVER, "registry.hub.docker.com");

    // Prefixes of addresses, and of skopeo and podman; no official image of Docker Hub has such a name.
    private static final Pattern TRANSPORT = Pattern.compile("[a-z+.-]+://|"
            + "(docker-archive|docker-daemon|oci|oci-archive|containers-storage|dir|sif|ostree):(?!\\d)");

    private static final int MAX_PORT = 65535;
    private static final String PART = "[a-z0-9]+(?:(?:\\.|_|__|-+)[a-z0-9]+)*";
    private static final String HOST = "(?<host>localhost(?::\\d+)?|[A-Za-z0-9.-]+:\\d+|"
            + "[A-Za-z0-9-]+(?:\\.[A-Za-z0-9-]+)+|\\[[0-9a-fA-F:]+\\](?::\\d+)?)/";
    private static final String NAME = "(?<name>" + PART + "(?:/" + PART + ")*)";
    private static final String VERSION =
            "(?::(?<tag>[A-Za-z0-9_][A-Za-z0-9._-]{0,127}))?(?:@(?<digest>sha256:[0-9a-f]{64}))?";
    private static final Pattern FORM = Pattern.compile(HOST + NAME + VERSION);
    private static final Pattern WITHOUT_HOST = Pattern.compile(NAME + VERSION);
    private static final Pattern BEGINS_WITH_HOST = Pattern.compile(HOST + ".*");

    /** {@return whether this names an image in a registry rather than a file: its first part is a host} */
    static boolean isOne(String text) {
        return FORM.matcher(text).matches() && !isArchive(text);
    }

    /** {@return the user's text, with its host: a name without a host, but with a tag or a digest, is Docker Hub's}
     *
     *  @param text not the name of a file
     *  @throws ReleaseException.Usage if it seems to name an image in a registry, but is invalid */
    static String completed(String text) {
        Matcher transport = TRANSPORT.matcher(text);
        if (transport.lookingAt()) {
            throw new ReleaseException.Usage(RegistryReason.cleaned(text)
                    + ": expected an image like host/name:tag or a file, without " + transport.group());
        }
        if (isArchive(text)) {
            return text;
        }
        if (isOne(text)) {
            return parse(text).toString();
        }
        Matcher bare = WITHOUT_HOST.matcher(text);
        if (bare.matches() && (bare.group("tag") != null || bare.group("digest") != null)) {
            return parse(HUB + "/" + text).toString();
        }
        if (BEGINS_WITH_HOST.matcher(text).matches()) {
            throw new ReleaseException.Usage(RegistryReason.cleaned(text)
                    + ": expected an image like host/name:tag or host/name@sha256:…, with a name in lower case");
        }
        return text;
    }

    private static boolean isArchive(String text) {
        return text.matches(".*\\.(tar|tar\\.gz|tgz|json)");
    }

    static ImageReference parse(String text) {
        Matcher matcher = FORM.matcher(text);
        if (!matcher.matches()) {
            throw new ReleaseException.Usage(
                    text + ": expected an image like host/name@sha256:…, or the path of a tar");
        }
        String host = matcher.group("host");
        String name = matcher.group("name");
        boolean isHub = isHub(host);
        checkPort(text, host);
        return new ImageReference(
                isHub ? HUB : host,
                // Docker's official images are named without their folder.
                isHub && name.indexOf('/') < 0 ? "library/" + name : name,
                Optional.ofNullable(matcher.group("tag")),
                Optional.ofNullable(matcher.group("digest")).map(Digest::new));
    }

    static boolean isHub(String host) {
        return HUB_NAMES.contains(host.toLowerCase(Locale.ROOT));
    }

    private static void checkPort(String text, String host) {
        Matcher port = Pattern.compile(".*:(\\d+)").matcher(host);
        if (port.matches() && (port.group(1).length() > 5 || Integer.parseInt(port.group(1)) > MAX_PORT)) {
            throw new ReleaseException.Usage(text + ": expected a port up to " + MAX_PORT + ", got " + port.group(1));
        }
    }

    ImageReference at(Digest newDigest) {
        return new ImageReference(host, repository, Optional.empty(), Optional.of(newDigest));
    }

    ImageReference tagged(String newTag) {
        return new ImageReference(host, repository, Optional.of(newTag), Optional.empty());
    }

    /** The digest, or else the tag, for requests. */
    String version() {
        return digest.map(Digest::text).or(() -> tag).orElse("latest");
    }

    /** The server for requests. */
    String server() {
        return isHub(host) ? HUB_SERVER : host;
    }

    String repositoryName() {
        return host + "/" + repository;
    }

    @Override
    public String toString() {
        return repositoryName()
                + tag.map(name -> ":" + name).orElse("")
                + digest.map(name -> "@" + name).orElse("");
    }
}
