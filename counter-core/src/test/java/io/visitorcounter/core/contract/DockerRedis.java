package io.visitorcounter.core.contract;

import com.github.dockerjava.api.exception.NotFoundException;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.utility.DockerImageName;

/** A Redis in a container. Apart, so that only who asks for it needs Testcontainers.
 *
 *  @param container the running one */
record DockerRedis(GenericContainer<?> container) implements AutoCloseable {

    private static final String IMAGE = "redis:7";

    /** Starts one. An engine or an image that is not there is said at once: pulling may hang where there is no network. */
    static DockerRedis start() {
        if (!DockerClientFactory.instance().isDockerAvailable()) {
            throw new IllegalStateException("test.redis=docker: no Docker engine answers; start one or leave it unset");
        }
        try {
            DockerClientFactory.lazyClient().inspectImageCmd(IMAGE).exec();
        } catch (NotFoundException e) {
            throw new IllegalStateException(
                    "test.redis=docker: image " + IMAGE + " is not there; docker pull " + IMAGE + " first", e);
        }
        GenericContainer<?> container = new GenericContainer<>(DockerImageName.parse(IMAGE)).withExposedPorts(6379);
        container.start();
        return new DockerRedis(container);
    }

    String host() {
        return container.getHost();
    }

    int port() {
        return container.getMappedPort(6379);
    }

    @Override
    public void close() {
        container.stop();
    }
}
