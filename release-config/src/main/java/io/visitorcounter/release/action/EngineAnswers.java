package io.visitorcounter.release.action;

import io.visitorcounter.release.engine.Engine;
import io.visitorcounter.release.engine.Rollout;
import io.visitorcounter.release.ledger.Release;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;

/** Asks every process of a rollout through its engine, if the address that users use is not known.
 *
 *  @param engine sends the requests
 *  @param rollout the one that the processes belong to
 *  @param release what they should answer with */
record EngineAnswers(Engine engine, Rollout rollout, Release release) implements Answers {

    private static final String PATH = "release";

    /** Each process is asked separately, so once is enough. */
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
