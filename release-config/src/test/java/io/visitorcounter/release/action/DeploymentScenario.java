package io.visitorcounter.release.action;

import io.visitorcounter.release.ledger.DeploymentEnd.Result;

/** What a deployment meets, and how it ends. */
enum DeploymentScenario {
    COMES_UP(FakeEngine.Fate.COMES_UP, true, true, Result.HEALTHY),
    COMES_UP_WITHOUT_ADDRESS(FakeEngine.Fate.COMES_UP, true, false, Result.HEALTHY),
    COMES_UP_AS_THE_FIRST(FakeEngine.Fate.COMES_UP, false, true, Result.HEALTHY),
    FLAPS(FakeEngine.Fate.FLAPS_ONCE, true, true, Result.HEALTHY),
    CRASHES(FakeEngine.Fate.CRASHES, true, true, Result.BACKED_OUT),
    CRASHES_AS_THE_FIRST(FakeEngine.Fate.CRASHES, false, true, Result.FAILED),
    HANGS(FakeEngine.Fate.HANGS, true, true, Result.BACKED_OUT),
    HANGS_AS_THE_FIRST(FakeEngine.Fate.HANGS, false, true, Result.FAILED),
    PULLS_IN_VAIN(FakeEngine.Fate.PULLS_IN_VAIN, true, true, Result.BACKED_OUT),
    RESTARTS(FakeEngine.Fate.RESTARTS_LATER, true, true, Result.BACKED_OUT);

    final FakeEngine.Fate fate;
    final boolean hasBefore;
    final boolean hasAddress;
    final Result result;

    DeploymentScenario(FakeEngine.Fate fate, boolean hasBefore, boolean hasAddress, Result result) {
        this.fate = fate;
        this.hasBefore = hasBefore;
        this.hasAddress = hasAddress;
        this.result = result;
    }
}
