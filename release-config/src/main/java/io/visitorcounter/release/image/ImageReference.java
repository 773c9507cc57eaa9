package io.visitorcounter.release.image;

import io.visitorcounter.release.Digest;
import io.visitorcounter.release.ReleaseException;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** An image of a registry, as it is written: {@code host:port/name:tag} or {@code host:port/name@sha256:…}.
 *
 *  @param host the registry, with its port where it has one
 *  @param repository the name within the registry
 *  @param tag a name that can move
 *  @param digest a name that can't */
record ImageReference(String host, String repository, Optional<String> tag, Optional<Digest> digest) {

    private static final String PART = "[a-z0-9]+(?:(?:\\.|_|__|-+)[a-z0-9]+)*";
    private static final Pattern FORM = Pattern.compile("(?<host>localhost(?::\\d+)?|[A-Za-z0-9.-]+:\\d+|"
            + "[A-Za-z0-9-]+(?:\\.[A-Za-z0-9-]+)+|\\[[0-9a-f:]+\\](?::\\d+)?)/"
            + "(?<name>" + PART + "(?:/" + PART + ")*)"
            + "(?::(?<tag>[A-Za-z0-9_][A-Za-z0-9._-]{0,127}))?"
            + "(?:@(?<digest>sha256:[0-9a-f]{64}))?");

    /** {@return whether this is the image of a registry rather than a file: its first part names a host} */
    static boolean isOne(String text) {
        return FORM.matcher(text).matches();
    }

    static ImageReference parse(String text) {
        Matcher matcher = FORM.matcher(text);
        if (!matcher.matches()) {
            throw new ReleaseException.Usage(
                    text + ": expected an image like host/name@sha256:…, or the path of a tar");
        }
        return new ImageReference(
                matcher.group("host"),
                matcher.group("name"),
                Optional.ofNullable(matcher.group("tag")),
                Optional.ofNullable(matcher.group("digest")).map(Digest::new));
    }

    ImageReference at(Digest newDigest) {
        return new ImageReference(host, repository, Optional.empty(), Optional.of(newDigest));
    }

    /** What a request names: the digest, or else the tag. */
    String version() {
        return digest.map(Digest::text).or(() -> tag).orElse("latest");
    }

    String repositoryName() {
        return host + "/" + repository;
    }

    /** Whether the registry is this machine, so that nobody can listen in where there is no TLS. */
    boolean isLoopback() {
        String name = host.replaceFirst(":\\d+$", "").toLowerCase(Locale.ROOT);
        return name.equals("localhost") || name.matches("127(\\.\\d{1,3}){3}") || name.equals("[::1]");
    }

    @Override
    public String toString() {
        return repositoryName()
                + tag.map(name -> ":" + name).orElse("")
                + digest.map(name -> "@" + name).orElse("");
    }
}
