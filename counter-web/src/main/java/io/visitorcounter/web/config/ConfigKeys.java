package io.visitorcounter.web.config;

import static io.visitorcounter.web.config.ConfigTable.is;
import static io.visitorcounter.web.config.ValueType.duration;
import static io.visitorcounter.web.config.ValueType.flag;
import static io.visitorcounter.web.config.ValueType.matching;
import static io.visitorcounter.web.config.ValueType.oneOf;
import static io.visitorcounter.web.config.ValueType.text;
import static io.visitorcounter.web.config.ValueType.wholeNumber;

import io.visitorcounter.core.CounterName;
import io.visitorcounter.core.CounterOptions;
import io.visitorcounter.core.Durability;
import io.visitorcounter.web.values.AddressRange;
import io.visitorcounter.web.values.CounterSet;
import io.visitorcounter.web.values.Greeting;
import io.visitorcounter.web.values.IgnoredBots;
import io.visitorcounter.web.values.LogFormat;
import io.visitorcounter.web.values.LogLevel;
import io.visitorcounter.web.values.Origins;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;

/** Every key of the config. This is the only place that defines a key's type, bounds, default, variable and meaning.
 *  config.schema.json and reference.conf are generated from it; to regenerate both:
 *
 *  <pre>mvn -pl counter-web -am test -Dtest=ConfigKeysTest -Dsurefire.failIfNoSpecifiedTests=false -Dconfig.write</pre> */
public final class ConfigKeys {

    private static final ConfigTable TABLE = new ConfigTable();

    private static final int ANY = Integer.MAX_VALUE;
    private static final int MILLION = 1_000_000;
    private static final int MAX_PATH = 1000;
    private static final int MAX_LIST = 2000;

    private static final ValueType<List<AddressRange>> ADDRESSES =
            matching(MAX_LIST, AddressRange.LIST, "addresses or ranges such as 10.0.0.0/8", AddressRange::listOf);

    public static final ConfigKey<Greeting> GREETING = TABLE.key(
                    "greeting", text(1, 200, Greeting::new), "Welcome to KODEKLOUD!")
            .means("the text before \" Visitor Count: \"");

    public static final ConfigKey<CounterName> COUNTER = TABLE.key(
                    "counter",
                    matching(
                            100,
                            Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]*"),
                            "1..100 of A-Z a-z 0-9 . _ -, beginning with a letter or digit",
                            CounterName::of),
                    "visitorCount")
            .means("the counter that GET / counts; in Redis also the key of its value");

    static final ConfigKey<StoreKind> STORE = TABLE.key("store", oneOf(StoreKind.class), "auto")
            .means("where visits are counted; auto means redis if redis.host is set, else sqlite");

    static final ConfigKey<URI> STORE_URI = TABLE.key(
                    "store-uri",
                    matching(
                            MAX_PATH,
                            Pattern.compile(
                                    "|[a-z][a-z0-9.+-]*:/{0,3}[A-Za-z0-9._~][A-Za-z0-9._~:/?,;=&+-]*(#[A-Za-z0-9._-]+)?"),
                            "empty, or a URI without an @: credentials have keys of their own",
                            URI::create),
                    "")
            .since1Dot1()
            .means("the URI of any store on the class path, in place of store; empty means none");

    static final ConfigKey<RedisHosts> REDIS_HOST = TABLE.key(
                    "redis.host",
                    matching(MAX_PATH, RedisHosts.LIST, "a host, or several separated by commas", RedisHosts::of),
                    "")
            .variable("HOST")
            .means("the Redis server, or several host:port separated by commas for Sentinel and Cluster");

    static final ConfigKey<Integer> REDIS_PORT = TABLE.key("redis.port", wholeNumber(1, 65_535), 6379)
            .variable("PORT")
            .means("the port of Redis servers for which redis.host names no port");

    static final ConfigKey<String> REDIS_USER = TABLE.key("redis.user", text(0, 200), "")
            .variable("REDIS_USER")
            .means("the ACL user; empty means the default user of Redis");

    static final ConfigKey<Secret> REDIS_PASSWORD = TABLE.key("redis.password", text(0, ANY, Secret::new), "")
            .variable("REDIS_PASSWORD")
            .secret()
            .means("the user's password; empty means none");

    static final ConfigKey<Boolean> REDIS_TLS = TABLE.key("redis.tls", flag(), false)
            .variable("REDIS_TLS")
            .means("whether to connect with TLS and check certificates, those of Sentinels and Cluster nodes too");

    static final ConfigKey<String> REDIS_CA_FILE = TABLE.key("redis.ca-file", text(0, MAX_PATH), "")
            .variable("REDIS_CA_FILE")
            .means("a PEM file with the certificates to trust; empty means those of the JVM");

    static final ConfigKey<String> REDIS_SENTINEL = TABLE.key("redis.sentinel", text(0, 200), "")
            .variable("REDIS_SENTINEL")
            .means("the name of the master that the Sentinels at redis.host watch; empty means no Sentinel");

    static final ConfigKey<Boolean> REDIS_CLUSTER = TABLE.key("redis.cluster", flag(), false)
            .variable("REDIS_CLUSTER")
            .means("whether redis.host is a node of a Redis Cluster");

    static final ConfigKey<Integer> REDIS_DATABASE = TABLE.key("redis.database", wholeNumber(0, 999_999), 0)
            .variable("REDIS_DATABASE")
            .since1Dot1()
            .means("the number of the database; a Redis Cluster has only 0");

    static final ConfigKey<String> REDIS_KEY_PREFIX = TABLE.key(
                    "redis.key-prefix",
                    matching(
                            100,
                            Pattern.compile("[A-Za-z0-9._:/@-]*"),
                            "0..100 of A-Z a-z 0-9 . _ - : / @",
                            text -> text),
                    "")
            .variable("REDIS_KEY_PREFIX")
            .since1Dot1()
            .means("the prefix of a counter's name in its keys, for several applications in one database");

    static final ConfigKey<String> SQLITE_PATH = TABLE.key("sqlite.path", text(1, MAX_PATH), "data/visitors.db")
            .means("the SQLite file; a relative path begins at the working directory");

    static final ConfigKey<Durability> DURABILITY = TABLE.key(
                    "durability",
                    matching(
                            ANY,
                            Pattern.compile("memory|fsync|replicated\\(([1-9]|10)\\)"),
                            "memory, fsync, or replicated(1) to replicated(10)",
                            Durability::of),
                    "memory")
            .means("what must hold before a visit is answered: memory, fsync or replicated(n); SQLite always syncs");

    public static final ConfigKey<Duration> DEADLINE = TABLE.key(
                    "deadline",
                    duration(CounterOptions.MIN_DEADLINE, CounterOptions.MAX_DEADLINE),
                    ValueType.written(CounterOptions.defaults().deadline()))
            .means("how long a visit may take until it fails, resends included");

    public static final ConfigKey<Integer> QUEUE = TABLE.key(
                    "queue",
                    wholeNumber(1, CounterOptions.MAX_QUEUE),
                    CounterOptions.defaults().queue())
            .means("how many visits of one counter may wait; further ones are not counted");

    public static final ConfigKey<IgnoredBots> IGNORE_BOTS = TABLE.key("ignore-bots", oneOf(IgnoredBots.class), "all")
            .means("which visits of known bots and health checkers are answered but not counted: none, those of the"
                    + " page, or all");

    public static final ConfigKey<CounterSet> OTHER_COUNTERS = TABLE.key(
                    "other-counters",
                    matching(10_000, CounterSet.LIST, "counters' names separated by commas, or *", CounterSet::of),
                    "")
            .since1Dot1()
            .means("the counters, separated by commas, that clients may name beside the one that GET / counts;"
                    + " * means any name, which in a shared Redis is every key; empty means none");

    public static final ConfigKey<Boolean> VISIT_OTHERS = TABLE.key("visit-others", flag(), true)
            .since1Dot1()
            .means("whether clients may visit other-counters, by POST and by badges that count, or only read them");

    public static final ConfigKey<Integer> NEW_COUNTERS = TABLE.key("new-counters", wholeNumber(1, MILLION), 600)
            .means("how many counters without a visit may get their first one in a minute");

    public static final ConfigKey<Integer> VISIT_IDS = TABLE.key("visit-ids", wholeNumber(1, MILLION), 600)
            .since1Dot1()
            .means("how many visits with an Idempotency-Key may be taken in a minute; the store keeps a record of each"
                    + " for a day");

    public static final ConfigKey<Boolean> NOTE_VISITORS = TABLE.key("note-visitors", flag(), false)
            .since1Dot1()
            .means("whether unique visitors are estimated; a visitor is an address and a User-Agent, and is"
                    + " noted in a sketch, by a hash with a daily salt");

    public static final ConfigKey<Duration> LIVE_INTERVAL =
            TABLE.key("live.interval", duration("50ms", "1m"), "500ms").means("how often a watched counter is read");

    public static final ConfigKey<Integer> LIVE_STREAMS =
            TABLE.key("live.streams", wholeNumber(0, MILLION), 2000).means("how many clients may watch at once");

    public static final ConfigKey<Integer> LIVE_STREAMS_PER_ADDRESS = TABLE.key(
                    "live.streams-per-address", wholeNumber(0, MILLION), 100)
            .means("streams allowed per client address; 0 means unlimited; see http.trusted-proxies");

    public static final ConfigKey<List<AddressRange>> METRICS_ALLOW = TABLE.key(
                    "metrics.allow", ADDRESSES, "127.0.0.0/8, ::1, 10.0.0.0/8, 172.16.0.0/12, 192.168.0.0/16, fc00::/7")
            .means("the address ranges, separated by commas, that may read /metrics; empty means nobody");

    static final ConfigKey<Secret> ADMIN_TOKEN = TABLE.key(
                    "admin.token",
                    matching(
                            200,
                            Pattern.compile("|[!-~]{16,200}"),
                            "empty, or 16..200 printable ASCII characters without spaces",
                            Secret::new),
                    "")
            .since1Dot1()
            .variable("ADMIN_TOKEN")
            .secret()
            .means("the token by which /admin sets, deletes and lists counters; empty means that there is no /admin");

    public static final ConfigKey<List<AddressRange>> ADMIN_ALLOW = TABLE.key(
                    "admin.allow", ADDRESSES, "127.0.0.0/8, ::1")
            .since1Dot1()
            .means("the address ranges, separated by commas, that may use /admin with the token; empty means nobody");

    public static final ConfigKey<String> HTTP_HOST =
            TABLE.key("http.host", text(1, 255), "0.0.0.0").means("the address to listen at");

    public static final ConfigKey<Integer> HTTP_PORT = TABLE.key("http.port", wholeNumber(0, 65_535), 8080)
            .variableAtRun("HTTP_PORT")
            .means("the port to listen at; 0 means any free one; HTTP_PORT takes precedence even in a release");

    public static final ConfigKey<Duration> HTTP_DRAIN_DELAY = TABLE.key("http.drain-delay", duration("0s", "5m"), "0s")
            .means("how long to keep serving after SIGTERM while /health/ready is 503");

    public static final ConfigKey<Integer> HTTP_MAX_CONNECTIONS = TABLE.key(
                    "http.max-connections", wholeNumber(10, MILLION), 10_000)
            .means("how many connections may be open, or fewer where the memory has no room for them; further"
                    + " ones wait");

    public static final ConfigKey<Integer> HTTP_ADDRESS_SHARE = TABLE.key("http.address-share", wholeNumber(1, 100), 50)
            .since1Dot1()
            .means("the percentage of the connections, and of the memory for heads and unread responses, that one"
                    + " client address may hold; trusted proxies may hold all");

    public static final ConfigKey<Integer> HTTP_MAX_HEADER_BYTES = TABLE.key(
                    "http.max-header-bytes", wholeNumber(1024, 1 << 20), 16_384)
            .means("how long a request's line and headers may be together, in bytes; longer ones get 414 or 431");

    public static final ConfigKey<Duration> HTTP_READ_TIMEOUT = TABLE.key(
                    "http.read-timeout", duration("100ms", "5m"), "10s")
            .means("how long a client may take to send a request's line and headers, and as long again for a body");

    public static final ConfigKey<Duration> HTTP_IDLE_TIMEOUT =
            TABLE.key("http.idle-timeout", duration("1s", "1h"), "60s").means("the idle timeout of a connection");

    public static final ConfigKey<Integer> HTTP_RATE_LIMIT = TABLE.key("http.rate-limit", wholeNumber(0, MILLION), 0)
            .means("requests allowed per client address and second; 0 means unlimited");

    public static final ConfigKey<List<AddressRange>> HTTP_TRUSTED_PROXIES = TABLE.key(
                    "http.trusted-proxies", ADDRESSES, "")
            .means("the address ranges, separated by commas, of proxies whose X-Forwarded-For is believed");

    public static final ConfigKey<Origins> HTTP_CORS_ORIGINS = TABLE.key(
                    "http.cors-origins",
                    matching(MAX_LIST, Origins.LIST, "origins such as https://example.org, or *", Origins::of),
                    "*")
            .means("the origins, separated by commas, whose pages may read counters; * means all, empty means none");

    public static final ConfigKey<Boolean> HTTP_FAST_PATH = TABLE.key("http.fast-path", flag(), true)
            .since1Dot1()
            .means("whether GET / as text is counted and answered in batches, past parts of the server's framework;"
                    + " false is slower, with the same responses");

    public static final ConfigKey<Integer> HTTP_IO_THREADS = TABLE.key("http.io-threads", wholeNumber(0, 64), 0)
            .since1Dot1()
            .means("how many threads read requests and send responses; each has a connection to Redis of its own."
                    + " More carry more visits, and each visit costs more. 0 means one for four processors, at most 4");

    public static final ConfigKey<LogLevel> LOG_LEVEL =
            TABLE.key("log.level", oneOf(LogLevel.class), "info").means("the lowest level that is logged");

    public static final ConfigKey<LogFormat> LOG_FORMAT =
            TABLE.key("log.format", oneOf(LogFormat.class), "text").means("one line per event, as text or as JSON");

    public static final ConfigKey<Boolean> LOG_ACCESS =
            TABLE.key("log.access", flag(), false).means("whether each request is logged");

    static {
        TABLE.rule(REDIS_HOST, text(1, MAX_PATH), is(STORE, "redis"));
        TABLE.rule(
                REDIS_HOST,
                matching(MAX_PATH, Pattern.compile("[^,]*"), "one host", text -> text),
                is(REDIS_SENTINEL, ""),
                is(REDIS_CLUSTER, false));
    }

    private ConfigKeys() {}

    static ConfigTable table() {
        return TABLE;
    }
}
