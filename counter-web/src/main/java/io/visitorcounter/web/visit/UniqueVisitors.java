package io.visitorcounter.web.visit;

import io.undertow.server.HttpServerExchange;
import io.undertow.util.AttachmentKey;
import io.undertow.util.Headers;
import io.visitorcounter.core.CounterName;
import io.visitorcounter.core.DailyVisitors;
import io.visitorcounter.core.VisitorCounter;
import io.visitorcounter.web.http.ClientAddress;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/** Notes who visits, so that unique visitors can be estimated. Thread-safe; never blocks.
 *
 *  <p>A visitor is identified by the client's address (for IPv6, its network) and its {@code User-Agent}. Neither is
 *  stored: the store gets a hash with a salt that is deleted when the day is over. This process keeps the last visitor
 *  of each open connection, and hashes with its own salt. Thanks to these, most visitors are noted only once a day, and
 *  further visits cost next to nothing. */
public final class UniqueVisitors {

    /** The outcome of a note that was stored. */
    public static final String NOTED = "noted";

    /** The outcome of a note that was not stored; the visitor's next request tries again. */
    public static final String FAILED = "failed";

    /** The longest part of a {@code User-Agent} that is used. */
    private static final int MAX_AGENT = 256;

    /** How many hashes are kept; if two have the same slot, the newer one replaces the older. */
    private static final int RECENT = 1 << 16;

    private static final int SALT_BYTES = 32;

    private static final SecureRandom RANDOM = new SecureRandom();

    private static final AttachmentKey<ConnectionVisitor> LAST = AttachmentKey.create(ConnectionVisitor.class);

    private final boolean on;
    private final ClientAddress address;
    private final Clock clock;
    private final Consumer<String> outcomes;
    private volatile NotedToday noted;

    /** The visitor of a connection's last request. */
    private static final class ConnectionVisitor {

        private final CounterName counter;
        private final InetAddress client;
        private final String agent;
        private volatile long day;

        ConnectionVisitor(CounterName counter, InetAddress client, String agent, long day) {
            this.counter = counter;
            this.client = client;
            this.agent = agent;
            this.day = day;
        }

        boolean is(CounterName visited, InetAddress from, String named, long when) {
            return day == when
                    && counter.equals(visited)
                    && client.equals(from)
                    && named.startsWith(agent)
                    && (named.length() == agent.length() || agent.length() == MAX_AGENT);
        }
    }

    /** Hashes of visitors that are in the store. */
    private static final class NotedToday {

        private final long day;
        private final byte[] salt = new byte[SALT_BYTES];
        private final AtomicLongArray recent;

        NotedToday(long day, int size) {
            this.day = day;
            this.recent = new AtomicLongArray(size);
            RANDOM.nextBytes(salt);
        }

        long hash(ConnectionVisitor visitor) {
            try {
                MessageDigest sha = MessageDigest.getInstance("SHA-256");
                sha.update(salt);
                sha.update(visitor.counter.text().getBytes(StandardCharsets.UTF_8));
                sha.update((byte) 0);
                sha.update(visitor.client.getAddress());
                return ByteBuffer.wrap(sha.digest(visitor.agent.getBytes(StandardCharsets.UTF_8)))
                        .getLong();
            } catch (NoSuchAlgorithmException e) {
                throw new IllegalStateException(e); // every JDK has it
            }
        }

        boolean holds(long hash) {
            return recent.get(place(hash)) == hash;
        }

        void add(long hash) {
            recent.set(place(hash), hash);
        }

        private int place(long hash) {
            return (int) hash & (recent.length() - 1);
        }
    }

    /** Reports each note as {@link #NOTED} or {@link #FAILED} to {@code outcomes}. */
    public UniqueVisitors(boolean on, ClientAddress address, Clock clock, Consumer<String> outcomes) {
        this.on = on;
        this.address = address;
        this.clock = clock;
        this.outcomes = outcomes;
        this.noted = new NotedToday(0, 1);
    }

    /** {@return whether visitors are noted} */
    public boolean areNoted() {
        return on;
    }

    void note(HttpServerExchange exchange, VisitorCounter counter) {
        if (!on) {
            return;
        }
        long day = clock.millis() / TimeUnit.DAYS.toMillis(1);
        InetAddress client = ClientAddress.network(address.of(exchange));
        String agent = Objects.requireNonNullElse(exchange.getRequestHeaders().getFirst(Headers.USER_AGENT), "");
        ConnectionVisitor last = exchange.getConnection().getAttachment(LAST);
        if (last != null && last.is(counter.name(), client, agent, day)) {
            return;
        }
        String named = agent.length() > MAX_AGENT ? agent.substring(0, MAX_AGENT) : agent;
        ConnectionVisitor visitor = new ConnectionVisitor(counter.name(), client, named, day);
        exchange.getConnection().putAttachment(LAST, visitor);
        NotedToday today = today(day);
        long hash = today.hash(visitor);
        if (today.holds(hash)) {
            return;
        }
        counter.noteVisitor(client.getHostAddress() + " " + named).whenComplete((done, failure) -> {
            if (failure == null) {
                today.add(hash);
                outcomes.accept(NOTED);
            } else {
                visitor.day = -1;
                outcomes.accept(FAILED);
            }
        });
    }

    private NotedToday today(long day) {
        NotedToday today = noted;
        if (today.day != day) {
            // Two threads may both begin the day; then some visitors are noted twice, which changes nothing.
            today = new NotedToday(day, RECENT);
            noted = today;
        }
        return today;
    }

    /** {@return an estimate of the unique visitors of each of the last days, oldest first, including days without any}
     *
     *  @param counter the visited counter
     *  @param days how many, 1..{@link DailyVisitors#KEPT_DAYS}; the last one is today, in UTC */
    public CompletionStage<List<Day>> days(VisitorCounter counter, int days) {
        LocalDate end = LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC).plusDays(1);
        LocalDate from = end.minusDays(days);
        return counter.visitors(from, end).thenApply(found -> {
            Map<LocalDate, Long> byDay =
                    found.stream().collect(Collectors.toMap(DailyVisitors::day, DailyVisitors::visitors));
            return from.datesUntil(end)
                    .map(day -> new Day(day, byDay.getOrDefault(day, 0L)))
                    .toList();
        });
    }

    /** The visitors of one day.
     *
     *  @param day in UTC
     *  @param visitors an estimate, at least 0 */
    public record Day(LocalDate day, long visitors) {}
}
