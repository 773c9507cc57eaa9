package io.visitorcounter.web.visit;

import io.visitorcounter.web.http.TextResource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Recognises bots by their {@code User-Agent}: by the list of the project crawler-user-agents, whose tags distinguish
 *  crawlers and monitors from libraries; by the health checkers of platforms, which that list lacks; and by words that
 *  are common in the names of new bots. Thread-safe.
 *
 *  <p>Nearly all patterns are plain words. They are looked up by their first three letters, so that the time does not
 *  depend on the length of the list. */
final class Bots {

    /** How many characters are looked at; bots put their name at the beginning. */
    private static final int MAX_LENGTH = 512;

    /** How many names are cached with the result: most requests come from few browsers. */
    private static final int REMEMBERED = 1024;

    private static final int KEY = 3;

    private static final List<String> HEALTH_CHECKERS = List.of(
            "ELB-HealthChecker/",
            "GoogleHC/",
            "kube-probe/",
            "Amazon-Route53-Health-Check-Service",
            "Azure Traffic Manager Endpoint Monitor",
            "Load Balancer Agent",
            "Edge Health Probe",
            "AlwaysOn",
            "Gatus/",
            "Envoy/HC",
            "Consul Health Check",
            "Prometheus/",
            "NewRelicPinger/",
            "Datadog/Synthetics");

    // The phones named Cubot are not bots.
    private static final String WORDS =
            "(?<![cC][uU])[bB][oO][tT](?![a-zA-Z])|[cC]rawl|[sS]pider|[hH]ealth-?[cC]heck" + "|[uU]ptime";

    private static final Pattern PLAIN = Pattern.compile("(?:[^\\[\\](){}*+?.^$|\\\\]|\\\\[^A-Za-z0-9]){" + KEY + ",}");

    private static final Bots KNOWN = new Bots(read());

    private final Map<Integer, List<String>> byBeginning = new HashMap<>();
    private final Pattern others;
    private final AtomicReferenceArray<@Nullable Known> remembered = new AtomicReferenceArray<>(REMEMBERED);

    private record Known(String agent, boolean isBot) {}

    private Bots(List<String> patterns) {
        List<String> expressions = new ArrayList<>(List.of(WORDS));
        for (String pattern : patterns) {
            if (PLAIN.matcher(pattern).matches()) {
                add(pattern.replace("\\", ""));
            } else {
                expressions.add(pattern);
            }
        }
        HEALTH_CHECKERS.forEach(this::add);
        others = Pattern.compile(String.join("|", expressions));
    }

    private void add(String word) {
        byBeginning.computeIfAbsent(key(word, 0), key -> new ArrayList<>(1)).add(word);
    }

    private static List<String> read() {
        return TextResource.read(Bots.class, "bots.txt")
                .lines()
                .filter(line -> !line.isEmpty() && !line.startsWith("#"))
                .toList();
    }

    static boolean isBot(@Nullable String agent) {
        return agent != null && KNOWN.remembers(agent);
    }

    private boolean remembers(String agent) {
        int place = agent.hashCode() & (REMEMBERED - 1);
        Known known = remembered.get(place);
        if (known != null && known.agent().equals(agent)) {
            return known.isBot();
        }
        boolean found = find(agent.length() > MAX_LENGTH ? agent.substring(0, MAX_LENGTH) : agent);
        if (agent.length() <= MAX_LENGTH) {
            remembered.set(place, new Known(agent, found));
        }
        return found;
    }

    private boolean find(String agent) {
        for (int i = 0; i + KEY <= agent.length(); i++) {
            List<String> words = byBeginning.get(key(agent, i));
            if (words != null) {
                for (String word : words) {
                    if (agent.startsWith(word, i)) {
                        return true;
                    }
                }
            }
        }
        return others.matcher(agent).find();
    }

    private static int key(String text, int at) {
        return text.charAt(at) << 16 ^ text.charAt(at + 1) << 8 ^ text.charAt(at + 2);
    }
}
