package io.visitorcounter.release.image;

import com.fasterxml.jackson.databind.JsonNode;
import io.visitorcounter.release.Digest;

/** One layer of an image, as its manifest and config name it.
 *
 *  @param digest of the bytes as stored, mostly compressed
 *  @param size of the bytes as stored
 *  @param mediaType as the manifest gives it
 *  @param diffId the digest of the layer's tar, uncompressed
 *  @param madeBy the tool that made it, from the history; empty if unknown
 *  @param descriptor the whole descriptor in the manifest, with annotations and addresses */
public record Layer(Digest digest, long size, String mediaType, Digest diffId, String madeBy, JsonNode descriptor) {

    /** {@return whether Jib or this tool added the layer, so that it is not part of the base image} */
    public boolean isAboveBase() {
        return madeBy.startsWith("jib-") || madeBy.startsWith(ReleaseLayer.TOOL + ":");
    }

    /** {@return whether both have the same bytes, whatever their media types} */
    public boolean sameBytes(Layer other) {
        return digest.equals(other.digest) && size == other.size && diffId.equals(other.diffId);
    }
}
