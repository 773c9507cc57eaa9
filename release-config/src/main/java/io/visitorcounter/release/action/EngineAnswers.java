package io.visitorcounter.release.action;

import io.visitorcounter.release.engine.Engine;
import io.visitorcounter.release.engine.Rollout;
import io.visitorcounter.release.ledger.Release;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;

/** Every process of a rollout, asked through its engine: where no address is known that users use.
 *
 *  @param engine asks
 *  @param rollout whose processes
 *  @param release what they should answer with */
record EngineAnswers(Engine engine, Rollout rollout, Release release) implements Answers {

    private static final String PATH = "release";

    /** Each process is asked by itself, so once is enough. */
    @Override
    public int wanted(int processes) {
        return ask().isPresent() ? 1 : 0;
    }

    @Override
    public Optional<String> fault() {
        SortedMap<String, String> answers = ask().orElseThrow();
        for (Map.Entry<String, String> answer : answers.entrySet()) {
            Optional<String> fault = ReleaseAnswer.fault(answer.getValue(), release);
            if (fault.isPresent()) {
                return Optional.of(answer.getKey() + "/" + PATH + ": " + fault.get());
            }
        }
        return Optional.empty();
    }

    private Optional<SortedMap<String, String>> ask() {
        return engine.ask(rollout, PATH);
    }
}
