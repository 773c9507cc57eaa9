package io.visitorcounter.web.page;

import static io.visitorcounter.web.page.Markup.escaped;
import static io.visitorcounter.web.page.Markup.grouped;

import io.undertow.util.HttpString;
import io.visitorcounter.core.HourlyVisits;
import io.visitorcounter.core.VisitorCounter;
import io.visitorcounter.web.health.ReleaseInfo;
import io.visitorcounter.web.http.Response;
import io.visitorcounter.web.visit.Counted;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletionStage;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/** {@code GET /} for a person. Everything on it is there without its script, which only keeps the count up to date. */
public final class Page {

    private static final int HOURS = 24;
    private static final int DAYS = 30;

    // A crowd of visitors shares one reading of the history.
    private static final Duration KEPT = Duration.ofSeconds(5);

    private static final DateTimeFormatter DAY = DateTimeFormatter.ofPattern("d MMM", Locale.ENGLISH);

    private static final Map<HttpString, String> SAFETY = Map.of(
            new HttpString("Content-Security-Policy"),
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self';"
                    + " base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
            new HttpString("Referrer-Policy"),
            "no-referrer",
            new HttpString("X-Frame-Options"),
            "DENY",
            new HttpString("Cross-Origin-Opener-Policy"),
            "same-origin",
            new HttpString("Permissions-Policy"),
            "interest-cohort=(), browsing-topics=()");

    private final VisitorCounter counter;
    private final Clock clock;
    private final String frame;
    private volatile @Nullable CachedHistory cached;

    /** One reading of the history. */
    private record CachedHistory(Instant at, CompletionStage<List<HourlyVisits>> visits) {}

    /** Makes pages.
     *
     *  @param counter whose visits are shown
     *  @param greeting the heading
     *  @param release which release runs
     *  @param clock says which hour it is */
    public Page(VisitorCounter counter, String greeting, ReleaseInfo release, Clock clock) {
        this.counter = counter;
        this.clock = clock;
        String path = "/counters/" + counter.name().text();
        this.frame = Asset.resource("page.html")
                .replace("{greeting}", escaped(greeting))
                .replace("{css}", Asset.css().versioned())
                .replace("{js}", Asset.js().versioned())
                .replace("{live}", path + "/live")
                .replace("{counter}", path)
                .replace("{release}", said(release));
    }

    /** {@return the page for this visit; without plots where the history can't be read} */
    public CompletionStage<Response> of(Counted counted) {
        return history().handle((visits, failure) -> {
            String plots =
                    visits == null ? "" : hours(visits).html() + days(visits).html();
            String you = counted.why() == null
                    ? "You are visitor " + grouped(counted.number()) + "."
                    : "This look was not counted.";
            Response response = Response.ok(
                    "text/html; charset=utf-8",
                    frame.replace("{count}", grouped(counted.number()))
                            .replace("{you}", you)
                            .replace("{plots}", plots));
            for (Map.Entry<HttpString, String> header : SAFETY.entrySet()) {
                response = response.with(header.getKey(), header.getValue());
            }
            return response;
        });
    }

    private CompletionStage<List<HourlyVisits>> history() {
        Instant now = clock.instant();
        CachedHistory last = cached;
        if (last != null
                && now.isBefore(last.at().plus(KEPT))
                && !last.visits().toCompletableFuture().isCompletedExceptionally()) {
            return last.visits();
        }
        Instant from = now.truncatedTo(ChronoUnit.DAYS).minus(DAYS - 1L, ChronoUnit.DAYS);
        CachedHistory fresh = new CachedHistory(now, counter.history(from, now.plus(1, ChronoUnit.HOURS)));
        cached = fresh;
        return fresh.visits();
    }

    private Plot hours(List<HourlyVisits> visits) {
        Map<Instant, Long> byHour =
                visits.stream().collect(Collectors.toMap(HourlyVisits::hour, HourlyVisits::visits, Long::sum));
        Instant last = clock.instant().truncatedTo(ChronoUnit.HOURS);
        return new Plot(
                "Last 24 hours (UTC)",
                "Hour",
                IntStream.rangeClosed(1 - HOURS, 0)
                        .mapToObj(i -> last.plus(i, ChronoUnit.HOURS))
                        .map(hour -> new Plot.Bar(
                                hour.atZone(ZoneOffset.UTC).toLocalTime().toString(), byHour.getOrDefault(hour, 0L)))
                        .toList());
    }

    private Plot days(List<HourlyVisits> visits) {
        Map<LocalDate, Long> byDay = visits.stream()
                .collect(Collectors.toMap(
                        hour -> LocalDate.ofInstant(hour.hour(), ZoneOffset.UTC),
                        HourlyVisits::visits,
                        Long::sum,
                        TreeMap::new));
        LocalDate today = LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC);
        return new Plot(
                "Last 30 days (UTC)",
                "Day",
                LongStream.rangeClosed(1 - DAYS, 0)
                        .mapToObj(today::plusDays)
                        .map(day -> new Plot.Bar(DAY.format(day), byDay.getOrDefault(day, 0L)))
                        .toList());
    }

    private static String said(ReleaseInfo release) {
        String name = release.name();
        if (name == null) {
            return "No release runs: this app was started by hand.";
        }
        return escaped("Release " + name
                + shortened(", build ", release.appDigest())
                + shortened(", config ", release.bundleDigest()));
    }

    private static String shortened(String what, @Nullable String digest) {
        return digest == null ? "" : what + digest.substring(0, Math.min(digest.length(), "sha256:".length() + 12));
    }
}
