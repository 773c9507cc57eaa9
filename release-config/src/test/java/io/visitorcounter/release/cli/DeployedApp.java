package io.visitorcounter.release.cli;

import io.visitorcounter.release.Environment;
import io.visitorcounter.release.action.Deploy;
import io.visitorcounter.release.action.DeployOptions;
import io.visitorcounter.release.action.DeployProgress;
import io.visitorcounter.release.action.DeployResult;
import io.visitorcounter.release.action.FakeEngine;
import io.visitorcounter.release.action.Signing;
import io.visitorcounter.release.action.Workspace;
import io.visitorcounter.release.ledger.DeploymentRecord;
import io.visitorcounter.release.ledger.Ledger;
import io.visitorcounter.release.ledger.LedgerPlace;
import io.visitorcounter.release.ledger.Retry;
import io.visitorcounter.release.trust.TestSigner;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** An app whose releases are deployed: a real ledger, an engine in memory, and a clock that stands until somebody waits. */
final class DeployedApp implements AutoCloseable {

    static final Environment PROD = new Environment("prod");

    final FakeEngine engine;
    final Ledger ledger;
    final Ledger deployments;
    final List<DeployProgress> told = new ArrayList<>();

    private final Path project;
    private final ReleasedApp app;
    private final Session session;
    private Instant now = Instant.parse("2026-11-28T10:00:00Z");

    DeployedApp(Path project, ReleasedApp app) {
        this.project = project;
        this.app = app;
        engine = new FakeEngine(clock());
        session = new Session(
                new ProcessContext(
                        app.tool().variables(),
                        clock(),
                        InputStream.nullInputStream(),
                        new PrintStream(OutputStream.nullOutputStream(), true, StandardCharsets.UTF_8),
                        new PrintStream(OutputStream.nullOutputStream(), true, StandardCharsets.UTF_8)),
                new GlobalOptions(new ReleaseCommand()));
        LedgerPlace place = new LedgerPlace.Local(project.resolve(".release/ledger.git"), false);
        ledger = Ledger.at(place, project.resolve("seen"), Retry.standard());
        deployments = Ledger.deployments(place, project.resolve("seen"), Retry.standard(), false);
    }

    private Clock clock() {
        return ((InstantSource) () -> now).withZone(ZoneOffset.UTC);
    }

    Instant now() {
        return now;
    }

    void sleep(Duration time) {
        now = now.plus(time);
    }

    /** The next release of this config, and what becomes of its processes. */
    void release(String config, FakeEngine.Fate fate) {
        app.release(config);
        engine.fate(
                ledger.read().last(PROD).orElseThrow().content().releaseImage().digest(), fate);
    }

    Workspace workspace(String by, Optional<TestSigner> key) {
        return new Workspace(
                project.resolve("environments"),
                ledger,
                deployments,
                session.workspace().images(),
                clock(),
                by,
                new Signing(
                        project.resolve("environments/allowed_signers"),
                        key.map(signer -> signer::signing),
                        Optional.empty(),
                        true),
                Workspace.CLOCK_LEAD);
    }

    DeployResult deploy(String by, Optional<TestSigner> key, Optional<Integer> version, DeployOptions options) {
        return new Deploy(workspace(by, key), target -> engine, this::sleep, told::add)
                .run(new Deploy.Request(PROD, version, Optional.empty(), Optional.empty(), options));
    }

    static DeployOptions options(boolean again, boolean takeOver, boolean abort) {
        return new DeployOptions(
                Optional.empty(),
                environment -> Optional.of(environment.name()),
                false,
                again,
                takeOver,
                abort,
                Duration.ofSeconds(60));
    }

    DeploymentRecord record() {
        return new DeploymentRecord(deployments.read());
    }

    @Override
    public void close() {
        session.close();
        ledger.close();
        deployments.close();
        app.close();
    }
}
