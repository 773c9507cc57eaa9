import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Phaser;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A steady load of visits on a URL, until stdin ends and a minimum was sent. Prints each failure, then how many were
 *  sent and failed, and which numbers were given. Exits with 1 if a visit failed, or if a number was given twice or
 *  left out. */
final class Load {

    private static final Pattern NUMBER = Pattern.compile("Visitor Count: ([0-9]+)$");
    private static final int MAX_SHOWN = 20;

    private final HttpClient client = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(10))
            .build();
    private final Set<Long> numbers = ConcurrentHashMap.newKeySet();
    private final AtomicInteger failed = new AtomicInteger();
    private final AtomicInteger again = new AtomicInteger();
    private final Phaser open = new Phaser(1);

    /** Runs the load.
     *
     *  @param args the URL, requests per second, and how many at least */
    public static void main(String[] args) throws Exception {
        System.exit(new Load().run(URI.create(args[0]), Integer.parseInt(args[1]), Integer.parseInt(args[2])));
    }

    private int run(URI url, int rate, int atLeast) throws IOException {
        // Not a bot's name, which would not be counted.
        HttpRequest request = HttpRequest.newBuilder(url)
                .timeout(Duration.ofSeconds(15))
                .header("User-Agent", "curl/7.88.1")
                .build();
        Thread end = new Thread(Load::awaitEndOfInput);
        end.start();
        long begin = System.nanoTime();
        int sent = 0;
        while (end.isAlive() || sent < atLeast) {
            LockSupport.parkNanos(begin + sent * TimeUnit.SECONDS.toNanos(1) / rate - System.nanoTime());
            sent++;
            open.register();
            client.sendAsync(request, HttpResponse.BodyHandlers.ofString()).whenComplete(this::answered);
        }
        open.arriveAndAwaitAdvance();
        long lowest = numbers.stream().mapToLong(Long::longValue).min().orElse(0);
        long highest = numbers.stream().mapToLong(Long::longValue).max().orElse(0);
        long gaps = highest - lowest + 1 - numbers.size();
        System.out.printf(
                "%d requests in %d s, %d failed; numbers %d..%d, %d twice, %d left out%n",
                sent,
                TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - begin),
                failed.get(),
                lowest,
                highest,
                again.get(),
                gaps);
        return failed.get() + again.get() + gaps == 0 ? 0 : 1;
    }

    private void answered(HttpResponse<String> response, Throwable error) {
        Matcher number = NUMBER.matcher(response == null ? "" : response.body());
        if (response == null || response.statusCode() != 200 || !number.find()) {
            if (failed.incrementAndGet() <= MAX_SHOWN) {
                System.out.println(response == null ? error.toString() : response.statusCode() + " " + response.body());
            }
        } else if (!numbers.add(Long.valueOf(number.group(1)))) {
            again.incrementAndGet();
        }
        open.arriveAndDeregister();
    }

    private static void awaitEndOfInput() {
        try {
            System.in.transferTo(java.io.OutputStream.nullOutputStream());
        } catch (IOException closed) {
            // A failed read ends it too.
            return;
        }
    }
}
