package io.visitorcounter.web.page;

import static io.visitorcounter.web.http.Markup.escaped;
import static io.visitorcounter.web.http.Markup.grouped;

import io.undertow.util.HttpString;
import io.visitorcounter.core.HourlyVisits;
import io.visitorcounter.core.VisitorCounter;
import io.visitorcounter.web.health.ReleaseInfo;
import io.visitorcounter.web.http.Response;
import io.visitorcounter.web.http.TextResource;
import io.visitorcounter.web.values.Greeting;
import io.visitorcounter.web.visit.Counted;
import io.visitorcounter.web.visit.Hours;
import io.visitorcounter.web.visit.UniqueVisitors;
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
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** {@code GET /} for a person. The page is complete without its script, which only keeps the count up to date. */
public final class Page {

    private static final int HOURS = 24;
    private static final int DAYS = 30;

    // The shown length of a commit, and of a digest with its algorithm.
    private static final int HASH = 12;
    private static final int DIGEST = "sha256:".length() + HASH;

    // Concurrent visitors share one read of the history.
    private static final Duration KEPT = Duration.ofSeconds(5);

    private static final String NOT_COUNTED = "This look at the page was not counted.";

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
    private final UniqueVisitors visitors;
    private final Clock clock;
    private final String frame;
    private volatile @Nullable CachedHistory cached;

    private record CachedHistory(
            Instant at,
            long number,
            CompletionStage<List<HourlyVisits>> visits,
            CompletionStage<List<UniqueVisitors.Day>> visitors) {}

    public Page(VisitorCounter counter, Greeting greeting, ReleaseInfo release, UniqueVisitors visitors, Clock clock) {
        this.counter = counter;
        this.visitors = visitors;
        this.clock = clock;
        String path = "/counters/" + counter.name().text();
        this.frame = TextResource.read(Page.class, "page.html")
                .replace("{greeting}", escaped(greeting.words()))
                .replace("{css}", Asset.css().versioned())
                .replace("{js}", Asset.js().versioned())
                .replace("{live}", path + "/live")
                .replace("{counter}", path)
                .replace("{release}", said(release));
    }

    /** {@return the page for this visit; without plots if the history can't be read} */
    public CompletionStage<Response> of(Counted counted) {
        Instant now = clock.instant();
        CachedHistory history = history(now, counted.number());
        CompletionStage<String> ofVisits = history.visits()
                .handle((visits, failure) ->
                        visits == null ? "" : plots(now, upTo(counted.number(), history.number(), visits, now)));
        CompletionStage<List<UniqueVisitors.Day>> ofVisitors =
                history.visitors().exceptionally(failure -> List.of());
        return ofVisits.thenCombine(ofVisitors, (plots, days) -> {
            Response response = Response.ok(
                    "text/html; charset=utf-8",
                    frame.replace("{count}", grouped(counted.number()))
                            .replace("{number}", String.valueOf(counted.number()))
                            .replace("{size}", size(counted.number()))
                            .replace(
                                    "{you}",
                                    counted.why() == null
                                            ? "You are visitor " + grouped(counted.number()) + "."
                                            : NOT_COUNTED)
                            .replace("{hidden}", counted.why() == null ? " hidden" : "")
                            .replace("{today}", today(days, counted))
                            .replace(
                                    "{plots}",
                                    plots
                                            + (days.isEmpty()
                                                    ? ""
                                                    : visitors(days).html())));
            for (Map.Entry<HttpString, String> header : SAFETY.entrySet()) {
                response = response.with(header.getKey(), header.getValue());
            }
            return response;
        });
    }

    /** {@return the CSS class for a number's size: longer numbers get smaller digits} */
    static String size(long number) {
        int digits = String.valueOf(number).length();
        return digits < 8 ? "" : digits < 11 ? "long" : digits < 14 ? "longer" : "longest";
    }

    private CachedHistory history(Instant now, long number) {
        CachedHistory last = cached;
        if (last != null
                && now.isBefore(last.at().plus(KEPT))
                && number >= last.number()
                && !last.visits().toCompletableFuture().isCompletedExceptionally()
                && !last.visitors().toCompletableFuture().isCompletedExceptionally()) {
            return last;
        }
        Instant from = now.truncatedTo(ChronoUnit.DAYS).minus(DAYS - 1L, ChronoUnit.DAYS);
        CachedHistory fresh = new CachedHistory(
                now,
                number,
                counter.history(from, Hours.latest(now)),
                visitors.areNoted() ? visitors.days(counter, DAYS) : CompletableFuture.completedFuture(List.of()));
        cached = fresh;
        return fresh;
    }

    /** {@return the visits plus those since the read, so that a page does not show two different counts}
     *
     *  @param number the count that the page shows
     *  @param read the count when the read of the visits began
     *  @param visits of each hour; may include some that arrived during the read */
    private static List<HourlyVisits> upTo(long number, long read, List<HourlyVisits> visits, Instant now) {
        long sum = visits.stream().mapToLong(HourlyVisits::visits).sum();
        // After a reset the hours sum up to more than the count; they are shown as they are.
        long more = sum > number ? number - read : Math.min(number - read, number - sum);
        Instant hour = Hours.until(now, HOURS, visits).to().minus(1, ChronoUnit.HOURS);
        return more == 0
                ? visits
                : Stream.concat(visits.stream(), Stream.of(new HourlyVisits(hour, more)))
                        .toList();
    }

    private static String plots(Instant now, List<HourlyVisits> visits) {
        Hours day = Hours.until(now, HOURS, visits);
        return hours(day, visits).html()
                + days(LocalDate.ofInstant(day.to().minusNanos(1), ZoneOffset.UTC), visits)
                        .html();
    }

    private static Plot hours(Hours day, List<HourlyVisits> visits) {
        return new Plot(
                "Last 24 hours (UTC)",
                "Hour",
                Plot.What.VISITS,
                day.all(visits).stream()
                        .map(hour -> new Plot.Bar(
                                hour.hour().atZone(ZoneOffset.UTC).toLocalTime().toString(), hour.visits()))
                        .toList());
    }

    private static Plot days(LocalDate today, List<HourlyVisits> visits) {
        Map<LocalDate, Long> byDay = visits.stream()
                .collect(Collectors.toMap(
                        hour -> LocalDate.ofInstant(hour.hour(), ZoneOffset.UTC),
                        HourlyVisits::visits,
                        Long::sum,
                        TreeMap::new));
        return new Plot(
                "Last 30 days (UTC)",
                "Day",
                Plot.What.VISITS,
                LongStream.rangeClosed(1 - DAYS, 0)
                        .mapToObj(today::plusDays)
                        .map(day -> new Plot.Bar(DAY.format(day), byDay.getOrDefault(day, 0L)))
                        .toList());
    }

    /** {@return the line about today; it includes the person who looks at the page, whose note may not be stored yet} */
    private static String today(List<UniqueVisitors.Day> days, Counted counted) {
        if (days.isEmpty()) {
            return "";
        }
        long today = Math.max(days.get(days.size() - 1).visitors(), counted.why() == null ? 1 : 0);
        return "<p class=\"today\">About " + grouped(today) + " different visitor" + (today == 1 ? "" : "s")
                + " today</p>\n";
    }

    private static Plot visitors(List<UniqueVisitors.Day> days) {
        return new Plot(
                "Unique visitors, last 30 days (UTC)",
                "Day",
                Plot.What.VISITORS,
                days.stream()
                        .map(day -> new Plot.Bar(DAY.format(day.day()), day.visitors()))
                        .toList());
    }

    private static String said(ReleaseInfo release) {
        String name = release.name();
        if (name == null) {
            return "";
        }
        return "<p>"
                + escaped("Release " + name
                        + shortened(", build ", release.appDigest(), DIGEST)
                        + shortened(", config ", release.bundleDigest(), DIGEST)
                        + shortened(", source ", release.source(), HASH))
                + "</p>\n";
    }

    private static String shortened(String what, @Nullable String digest, int length) {
        return digest == null ? "" : what + digest.substring(0, Math.min(digest.length(), length));
    }
}
