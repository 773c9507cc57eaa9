package io.visitorcounter.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.visitorcounter.core.contract.RedisServer;
import java.nio.file.Files;
import java.nio.file.Path;

/** The packaged app with the heap that it has in a container of 128 MiB. */
class StrangersIT extends StrangersContract {

    @Override
    Attacked start(Path place, RedisServer server) throws Exception {
        AppProcess app = AppProcess.overRedis(
                place, server, CONFIG, "-Xmx44m", "-XX:+UseSerialGC", "-XX:+ExitOnOutOfMemoryError");
        return new Attacked() {

            @Override
            public int port() throws Exception {
                return app.port();
            }

            @Override
            public String body(String path) throws Exception {
                return app.get(path).body();
            }

            @Override
            public long resident() throws Exception {
                return Files.readAllLines(Path.of("/proc", String.valueOf(app.pid()), "status")).stream()
                                .filter(line -> line.startsWith("VmHWM:"))
                                .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")))
                                .findFirst()
                                .orElseThrow()
                        / 1024;
            }

            @Override
            public void end() throws Exception {
                app.terminate();
                assertThat(app.exit()).isZero();
                assertThat(app.stdout() + app.stderr()).doesNotContain("OutOfMemory");
            }

            @Override
            public void close() {
                app.close();
            }
        };
    }

    @Override
    long maxResident() {
        return 160;
    }
}
