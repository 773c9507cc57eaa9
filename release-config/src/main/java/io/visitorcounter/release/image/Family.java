package io.visitorcounter.release.image;

/** The media types in a manifest: OCI's, or Docker's schema 2. An image keeps its own family: Docker's has fields that
 *  OCI's lacks, and some registries accept only one of them. */
enum Family {
    OCI,
    DOCKER;

    String manifest() {
        return this == OCI ? Image.OCI_MANIFEST : Image.DOCKER_MANIFEST;
    }

    String config() {
        return this == OCI ? Image.OCI_CONFIG : Image.DOCKER_CONFIG;
    }

    String layer(Compression compression) {
        String plain =
                this == OCI ? "application/vnd.oci.image.layer.v1.tar" : "application/vnd.docker.image.rootfs.diff.tar";
        String separator = this == OCI ? "+" : ".";
        return switch (compression) {
            // There is no media type for the others, and engines look at the bytes.
            case NONE, OTHER -> plain;
            case GZIP -> plain + separator + "gzip";
            case ZSTD -> plain + separator + "zstd";
        };
    }
}
