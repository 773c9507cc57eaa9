package io.visitorcounter.release;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.TreeMap;

/** What runs in the fixture image: says what it was given, then ends as the greeting tells it to. */
public final class EchoApp {

    private EchoApp() {}

    /** Prints its build, its folder, its config and its variables.
     *
     *  @param arguments none */
    public static void main(String[] arguments) throws Exception {
        try (var build = EchoApp.class.getResourceAsStream("/build.txt")) {
            System.out.println("build " + new String(build.readAllBytes(), StandardCharsets.UTF_8));
        }
        System.out.println("folder " + Path.of("").toAbsolutePath());
        String config = Files.readString(Path.of(System.getenv("CONFIG_FILE")));
        System.out.println("config " + config.replace("\n", " "));
        new TreeMap<>(System.getenv()).forEach((name, value) -> System.out.println(name + "=" + value));
        if (config.contains("exit with ")) {
            System.exit(Integer.parseInt(config.replaceAll("(?s).*exit with (\\d+).*", "$1")));
        }
        if (config.contains("stay")) {
            Runtime.getRuntime().addShutdownHook(new Thread(EchoApp::stay));
            System.out.println("ready");
            System.out.flush();
            stay();
        }
        if (config.contains("wait")) {
            Runtime.getRuntime().addShutdownHook(new Thread(() -> {
                System.out.println("stopped");
                System.out.flush();
                Runtime.getRuntime().halt(3);
            }));
            System.out.println("ready");
            System.out.flush();
            Thread.sleep(Long.MAX_VALUE);
        }
    }

    private static void stay() {
        while (true) {
            try {
                Thread.sleep(Long.MAX_VALUE);
            } catch (InterruptedException e) {
                // It stays: that is what the test is about.
            }
        }
    }
}
