package io.visitorcounter.release.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.visitorcounter.release.ReleaseException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ImageReferenceTest {

    @ParameterizedTest
    @CsvSource({
        "nginx:1.25,docker.io/library/nginx:1.25",
        "me/app:1,docker.io/me/app:1",
        "docker.io/nginx,docker.io/library/nginx",
        "docker.io/me/app:1,docker.io/me/app:1",
        "index.docker.io/nginx:1,docker.io/library/nginx:1",
        "registry-1.docker.io/library/nginx:1,docker.io/library/nginx:1",
        "localhost:5000/app:1,localhost:5000/app:1",
        "[::1]:5000/app,[::1]:5000/app",
        "ghcr.io/a/b/c__d-e:1,ghcr.io/a/b/c__d-e:1",
        "registry.hub.docker.com/library/nginx:1,docker.io/library/nginx:1",
        "host.example/a/b:1.0-x_y,host.example/a/b:1.0-x_y",
        "HOST.example:443/app:1,HOST.example:443/app:1",
        "127.0.0.1:5000/a-b.c/d:1,127.0.0.1:5000/a-b.c/d:1",
        "[2001:db8::1]/app:1,[2001:db8::1]/app:1",
        "docker:24,docker.io/library/docker:24",
        "target/app.tar,target/app.tar",
        "target/jib-image.json,target/jib-image.json",
        "target/app,target/app",
        "./app:1,./app:1"
    })
    void whatAUserWritesIsCompleted(String written, String completed) {
        assertThat(ImageReference.completed(written)).isEqualTo(completed);
    }

    @Test
    void dockerHubIsAskedWhereItsRegistryIs() {
        assertThat(ImageReference.parse("docker.io/nginx").server()).isEqualTo("registry-1.docker.io");
        assertThat(ImageReference.parse("ghcr.io/a/b").server()).isEqualTo("ghcr.io");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://registry.example/app:1",
                "docker://registry.example/app:1",
                "registry.example/App:1",
                "registry.example/app@sha512:00",
                "registry.example/app:",
                "docker-archive:target/app.tar",
                "oci:layout",
                "oci-archive:app.tar:tag",
                "docker-daemon:app:1",
                "containers-storage:localhost/app:1",
                "registry.example/a//b:1",
                "registry.example/app@sha256:ABCD",
                "registry.example/-app:1",
                "registry.example/app:-1",
                "127.0.0.1:99999/x"
            })
    void whatCanNotBeAnImageIsToldSo(String written) {
        assertThatThrownBy(() -> ImageReference.completed(written))
                .isInstanceOf(ReleaseException.Usage.class)
                .hasMessageContaining("expected");
    }
}
