package io.visitorcounter.release.cli;

import io.visitorcounter.release.HomeFolder;
import io.visitorcounter.release.PrintableText;
import io.visitorcounter.release.ReleaseException;
import io.visitorcounter.release.SmallFile;
import io.visitorcounter.release.action.BuildJob;
import io.visitorcounter.release.action.Signing;
import io.visitorcounter.release.action.Workspace;
import io.visitorcounter.release.engine.DeployTarget;
import io.visitorcounter.release.engine.Engine;
import io.visitorcounter.release.image.ImageFolder;
import io.visitorcounter.release.image.ImageStore;
import io.visitorcounter.release.image.JibImageFile;
import io.visitorcounter.release.image.Registry;
import io.visitorcounter.release.image.RegistryCredentials;
import io.visitorcounter.release.image.RoutingImageStore;
import io.visitorcounter.release.ledger.Ledger;
import io.visitorcounter.release.ledger.LedgerPlace;
import io.visitorcounter.release.ledger.Retry;
import io.visitorcounter.release.run.EngineRun;
import io.visitorcounter.release.run.LocalRun;
import io.visitorcounter.release.trust.AllowedSigners;
import io.visitorcounter.release.trust.SigningKey;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What a command works with, made from the variables and the global options. Closed once the command has run. */
final class Session implements AutoCloseable {

    private static final String HOME = ".release";

    private static final int MAX_PASSWORD_BYTES = 1 << 16;

    private final ProcessContext context;
    private final GlobalOptions options;
    private final Printer printer;
    private final List<Ledger> opened = new ArrayList<>();

    Session(ProcessContext context, GlobalOptions options) {
        this.context = context;
        this.options = options;
        this.printer = new Printer(context, options);
    }

    ProcessContext context() {
        return context;
    }

    Printer printer() {
        return printer;
    }

    /** {@return what an action works on} */
    Workspace workspace() {
        return workspace(false);
    }

    /** {@return what an action works on}
     *
     *  @param readOnly whether nothing at all is written, not even the last seen state of the ledger */
    Workspace workspace(boolean readOnly) {
        Path seen = home().resolve("seen");
        Ledger ledger =
                readOnly ? Ledger.readOnly(ledgerPlace(), seen) : Ledger.at(ledgerPlace(), seen, Retry.standard());
        opened.add(ledger);
        Ledger deployments = Ledger.deployments(ledgerPlace(), seen, Retry.standard(), readOnly);
        opened.add(deployments);
        return new Workspace(
                environments(),
                ledger,
                deployments,
                imageStore(),
                context.clock(),
                context.user(),
                signing(),
                clockLead());
    }

    private Duration clockLead() {
        return context.variable("RELEASE_CLOCK_LEAD").map(Session::minutes).orElse(Workspace.CLOCK_LEAD);
    }

    private static Duration minutes(String text) {
        if (!text.matches("[0-9]{1,8}")) {
            throw new ReleaseException.Usage(
                    "RELEASE_CLOCK_LEAD: expected a number of minutes, got " + PrintableText.quoted(text));
        }
        return Duration.ofMinutes(Integer.parseInt(text));
    }

    private Signing signing() {
        return new Signing(
                environments().resolve(AllowedSigners.NAME),
                options.signingKey
                        .given()
                        .map(this::path)
                        .or(() -> variablePath("RELEASE_SIGNING_KEY"))
                        .map(file -> () -> SigningKey.read(file, signingPassword())),
                BuildJob.of(context.variables()),
                isAttaching());
    }

    private boolean isAttaching() {
        String word = context.variable("RELEASE_REFERRERS").orElse("on");
        if (!word.equals("on") && !word.equals("off")) {
            throw new ReleaseException.Usage(
                    "RELEASE_REFERRERS: expected on or off, got " + PrintableText.quoted(word));
        }
        return word.equals("on");
    }

    // From a variable, or the first line of a file.
    private Optional<String> signingPassword() {
        return context.variable("RELEASE_SIGNING_KEY_PASSWORD")
                .or(() -> variablePath("RELEASE_SIGNING_KEY_PASSWORD_FILE").map(Session::firstLine));
    }

    private static String firstLine(Path file) {
        try {
            String text = new String(SmallFile.read(file, MAX_PASSWORD_BYTES), StandardCharsets.UTF_8);
            return text.lines().findFirst().orElse("");
        } catch (IOException e) {
            throw new ReleaseException.Unreachable(
                    file + ": the password of the signing key can't be read: " + ReleaseException.reason(e), e);
        }
    }

    EngineRun engineRun(String engine, int memory, String publish, List<String> arguments) {
        return new EngineRun(
                engine, memory, publish, arguments, context.variables(), credentials(), home().resolve("run"));
    }

    /** {@return the engine of a target, called through the programs of this machine} */
    Engine engine(DeployTarget target) {
        return engine(target, false);
    }

    /** {@return the same; {@code adopt} says whether it takes over fields that others changed} */
    Engine engine(DeployTarget target, boolean adopt) {
        return Engine.of(target, adopt, context.variables());
    }

    LocalRun localRun() {
        Path java = context.variable("JAVA_HOME")
                .map(Path::of)
                .filter(path -> path.resolve("bin/java").toFile().canExecute())
                .orElseGet(() -> Path.of(System.getProperty("java.home")));
        return new LocalRun(home().resolve("run"), java.resolve("bin/java"), context.variables());
    }

    private Path project() {
        return variablePath("RELEASE_PROJECT").orElse(Path.of(""));
    }

    private Path home() {
        return project().resolve(HOME);
    }

    /** {@return the folder of the environments' files} */
    Path environments() {
        return options.environments
                .given()
                .map(this::path)
                .or(() -> variablePath("RELEASE_ENVIRONMENTS"))
                .orElseGet(() -> project().resolve("environments"));
    }

    private LedgerPlace ledgerPlace() {
        return options.ledger
                .given()
                .or(() -> context.variable("RELEASE_LEDGER"))
                .map(text -> LedgerPlace.of(text, home().resolve("ledgers"), context.variables()))
                .orElseGet(() -> new LedgerPlace.Local(home().resolve("ledger.git"), true));
    }

    /** {@return where images are, if given: a folder, or a registry's host and name} */
    Optional<String> imagesPlace() {
        Optional<String> place = options.images
                .given()
                .or(() -> context.variable("RELEASE_IMAGES"))
                .map(this::place);
        place.filter(text -> text.contains("://")).ifPresent(text -> {
            throw new ReleaseException.Usage("--images: expected a folder, or a registry's host/name without "
                    + text.substring(0, text.indexOf("://") + 3) + ", got " + text);
        });
        return place;
    }

    /** {@return the path that a user gave, with {@code ~/} expanded to their home folder} */
    Path path(Path given) {
        return Path.of(place(given.toString()));
    }

    private Optional<Path> variablePath(String name) {
        return context.variable(name).map(given -> path(Path.of(given)));
    }

    private String place(String given) {
        return HomeFolder.expanded(given, context.variables());
    }

    /** {@return the app image of a command: as given, or one in the repository that {@code --images} names} */
    Optional<String> app(Input<String> input) {
        return input.given().map(this::app).or(this::app);
    }

    /** {@return the app image from the environment's variables, for a command that names none} */
    Optional<String> app() {
        return context.variable("RELEASE_APP").map(this::app);
    }

    /** {@return the same, for a given image} */
    String app(String given) {
        if (given.isBlank()) {
            throw new ReleaseException.Usage("--app: expected a build, got nothing");
        }
        String named = place(given);
        String app = JibImageFile.isNamedBy(named) ? JibImageFile.reference(Path.of(named)) : Registry.completed(named);
        return app.startsWith("sha256:")
                ? imagesPlace()
                        .filter(Registry::isReference)
                        .map(place -> place + "@" + app)
                        .orElse(app)
                : app;
    }

    private RegistryCredentials credentials() {
        return new RegistryCredentials(context.variables(), imagesPlace());
    }

    private ImageStore imageStore() {
        Path folder = imagesPlace()
                .filter(place -> !Registry.isReference(place))
                .map(Path::of)
                .orElseGet(() -> home().resolve("images"));
        boolean plain = options.insecureRegistry.given().orElse(false)
                || context.variable("RELEASE_INSECURE_REGISTRY").isPresent();
        return new RoutingImageStore(
                new ImageFolder(folder),
                new Registry(plain, credentials(), context.variables(), new UploadLines(context)));
    }

    @Override
    public void close() {
        opened.forEach(Ledger::close);
        opened.clear();
    }
}
