package io.visitorcounter.core.contract;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import redis.embedded.core.ExecutableProvider;

/** The redis-server that the embedded-redis artifact carries. Apart, so that only who asks for it needs the artifact. */
final class EmbeddedRedisBinary {

    private EmbeddedRedisBinary() {}

    /** {@return the path of the extracted program} */
    static Path extract() {
        try {
            return RedisBinary.checked(
                    ExecutableProvider.newJarResourceProvider().get().toPath());
        } catch (IOException e) {
            throw new UncheckedIOException("the embedded redis-server could not be extracted", e);
        }
    }
}
