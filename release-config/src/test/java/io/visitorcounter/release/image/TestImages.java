package io.visitorcounter.release.image;

import java.nio.charset.StandardCharsets;
import java.util.List;

/** Images without layers, for tests of what a config says. */
public final class TestImages {

    private TestImages() {}

    /** {@return an image}
     *
     *  @param runtime the {@code config} of its config */
    public static Image of(String runtime) {
        String config = "{\"rootfs\":{\"diff_ids\":[]},\"config\":" + runtime + "}";
        return Image.described("image", config.getBytes(StandardCharsets.UTF_8), List.of(), Family.OCI);
    }
}
