package io.visitorcounter.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.visitorcounter.core.contract.RedisServer;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

/** The image in 128 MiB. Needs a Docker engine and {@code TEST_JRE_IMAGE}, as {@code .ci/run} gives it; else it is skipped and
 *  says so. */
class StrangersContainerIT extends StrangersContract {

    @TempDir
    static Path image;

    @BeforeAll
    static void build() throws Exception {
        AppContainer.build(image);
    }

    @Override
    Attacked start(Path place, RedisServer server) throws Exception {
        AppContainer app = AppContainer.start(
                place, AppProcess.reference() + """
                redis.host = "%s"
                redis.port = %d
                redis.password = ""
                http.host = "127.0.0.1"
                """.formatted(server.host(), server.port()) + CONFIG);
        return new Attacked() {

            @Override
            public int port() {
                return app.port();
            }

            @Override
            public String body(String path) throws Exception {
                return app.get(path).body();
            }

            @Override
            public long resident() throws Exception {
                assertThat(app.state()).as(app.log()).isEqualTo("true false 0");
                return app.resident();
            }

            @Override
            public void end() throws Exception {
                System.out.println("ended " + app.stop().toMillis() + " ms after SIGTERM");
                // An engine that had to kill it says 137.
                assertThat(app.state()).as(app.log()).isEqualTo("false false 0");
            }

            @Override
            public void close() throws Exception {
                app.close();
            }
        };
    }

    @Override
    long maxResident() {
        return 120;
    }
}
