package io.visitorcounter.release.action;

import io.visitorcounter.release.Digest;
import io.visitorcounter.release.ReleaseException;
import io.visitorcounter.release.engine.DeployTarget;
import io.visitorcounter.release.engine.Doom;
import io.visitorcounter.release.engine.Engine;
import io.visitorcounter.release.engine.Fence;
import io.visitorcounter.release.engine.Forecast;
import io.visitorcounter.release.engine.Look;
import io.visitorcounter.release.engine.Rollout;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** An engine in memory, over a clock of the test's: one workload, which takes two seconds for each process that it
 *  replaces, and keeps the old ones until the new ones are ready. */
public final class FakeEngine implements Engine {

    private static final Duration EACH = Duration.ofSeconds(2);

    /** What becomes of the processes of one image. */
    public enum Fate {
        COMES_UP,
        CRASHES,
        PULLS_IN_VAIN,
        HANGS,
        RESTARTS_LATER,
        FLAPS_ONCE
    }

    private final Clock clock;
    private final Map<Digest, Fate> fates = new HashMap<>();

    private @Nullable String answer;
    private @Nullable Rollout current;
    private @Nullable Rollout previous;
    private boolean takesBack;
    private @Nullable Digest serving;
    private long appliedAt;
    private int version;
    private final Map<Digest, Integer> starts = new HashMap<>();

    public FakeEngine(Clock clock) {
        this.clock = clock;
    }

    public void fate(Digest image, Fate fate) {
        fates.put(image, fate);
    }

    /** What crashes is replaced by what was told before, number and all, as Swarm does it. */
    public void takesBackByItself() {
        takesBack = true;
    }

    /** {@return what it was told last; null: nothing, or to remove it} */
    public @Nullable Rollout current() {
        return current;
    }

    /** {@return how often the processes of an image were started} */
    public int starts(Digest image) {
        return starts.getOrDefault(image, 0);
    }

    /** What every process of the current rollout answers; null: it can't be asked. */
    public void answers(@Nullable String text) {
        answer = text;
    }

    @Override
    public DeployTarget target() {
        return new DeployTarget("default", DeployTarget.Platform.KUBERNETES, Optional.empty(), "prod");
    }

    @Override
    public String version() {
        return "kubectl v1, Kubernetes v1";
    }

    @Override
    public Optional<SortedMap<String, String>> ask(Rollout rollout, String path) {
        return Optional.ofNullable(answer).map(text -> new TreeMap<>(Map.of("pod-1", text, "pod-2", text)));
    }

    @Override
    public Forecast forecast(Rollout rollout) {
        return new Forecast(List.of("dry run of 2 documents"), List.of(), new TreeMap<>(), List.of());
    }

    private Fence fence() {
        Rollout told = current;
        return told == null
                ? Fence.none()
                : new Fence(Optional.of(told.number()), Optional.of(Integer.toString(version)));
    }

    @Override
    public Look look(Rollout rollout) {
        Rollout told = current;
        if (told == null) {
            return Look.nothing();
        }
        int wanted = told.replicas().orElse(1);
        long seconds = clock.instant().getEpochSecond() - appliedAt;
        Fate fate = fates.getOrDefault(told.image(), Fate.COMES_UP);
        boolean serves = told.image().equals(serving);
        int up = serves ? wanted : (int) Math.min(wanted, seconds / EACH.toSeconds());
        Optional<Doom> doom = Optional.empty();
        int restarts = 0;
        boolean late = seconds > EACH.toSeconds() * wanted;
        switch (fate) {
            case CRASHES -> {
                up = serves ? up : 0;
                doom = Optional.of(new Doom("pod-1", "CrashLoopBackOff, exit 4", true))
                        .filter(it -> seconds >= 2);
            }
            case PULLS_IN_VAIN -> {
                up = 0;
                doom = Optional.of(new Doom("pod-1", "ErrImagePull, timeout", false))
                        .filter(it -> seconds >= 2);
            }
            case HANGS -> up = 0;
            case RESTARTS_LATER -> restarts = late && seconds > EACH.toSeconds() * wanted + 3 ? 1 : 0;
            case FLAPS_ONCE -> up = seconds == EACH.toSeconds() * wanted + 2 ? wanted - 1 : up;
            default -> {}
        }
        if (up == wanted && fate != Fate.RESTARTS_LATER) {
            serving = told.image();
        }
        if (takesBack && previous != null && fate == Fate.CRASHES && doom.isPresent()) {
            current = previous;
            previous = null;
            version++;
            return new Look(fence(), false, wanted, 0, wanted, 0, new TreeMap<>(), doom);
        }
        boolean same = told.image().equals(rollout.image());
        int others = serving == null || serving.equals(told.image()) ? 0 : wanted - up;
        SortedMap<Digest, Integer> digests = new TreeMap<>(Map.of(told.image(), up));
        return new Look(
                fence(),
                same && up == wanted,
                wanted,
                same ? up : 0,
                same ? others : wanted,
                restarts,
                digests,
                same ? doom : Optional.empty());
    }

    @Override
    public void apply(Rollout rollout, Optional<Rollout> before, Fence seen) {
        if (!seen.equals(fence())) {
            throw new ReleaseException.Contention("prod: changed by another meanwhile");
        }
        Rollout told = current;
        if (told == null || !told.manifest().equals(rollout.manifest())) {
            appliedAt = clock.instant().getEpochSecond();
            if (!rollout.image().equals(serving)) {
                starts.merge(rollout.image(), 1, Integer::sum);
            }
        }
        previous = told;
        current = rollout;
        version++;
    }

    @Override
    public void remove(Rollout rollout, Fence seen) {
        if (!seen.equals(fence())) {
            throw new ReleaseException.Contention("prod: changed by another meanwhile");
        }
        current = null;
        serving = null;
        version++;
    }

    @Override
    public List<String> logs(Rollout rollout, String task, int lines) {
        return List.of("http.port: expected 1..65535, got 70000");
    }

    @Override
    public List<String> drift(Rollout rollout) {
        return rollout.equals(current) ? List.of() : List.of("expected " + rollout + ", got " + current);
    }

    @Override
    public SortedMap<String, String> secrets(Rollout rollout) {
        return new TreeMap<>();
    }
}
