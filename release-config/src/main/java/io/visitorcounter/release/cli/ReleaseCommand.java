package io.visitorcounter.release.cli;

import io.visitorcounter.release.action.Workspace;
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
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ScopeType;

/** {@code release}, with the options that every command takes. */
final class ReleaseCommand extends Command {

    /** The commands, in the order of the help. */
    static final List<String> COMMANDS = List.of(
            "create",
            "promote",
            "rollback",
            "run",
            "status",
            "history",
            "show",
            "diff",
            "verify",
            "repair",
            "render",
            "check",
            "explain",
            "schema",
            "manifest",
            "freeze",
            "unfreeze",
            "doctor",
            "completion");

    private static final String HOME = ".release";

    final ProcessContext context;

    private final Input<Path> environments = everywhere(
            "--environments",
            "FOLDER",
            Path.class,
            "The environments' files. Default: $RELEASE_ENVIRONMENTS, or ./environments");
    private final Input<String> ledger = everywhere(
            "--ledger",
            "REPO",
            String.class,
            "Git repository with the history. Default: $RELEASE_LEDGER, or .release/ledger.git");
    private final Input<String> images = everywhere(
            "--images",
            "PLACE",
            String.class,
            "Where images are: a folder of tars, or a registry's host/name, which lets --app be only a digest."
                    + " Default: $RELEASE_IMAGES, or .release/images");
    private final Input<OutputForm> output = add(OptionSpec.builder("--output")
            .scopeType(ScopeType.INHERIT)
            .paramLabel("FORM")
            .type(OutputForm.class)
            .defaultValue("text")
            .description("How the result is printed: text or json"));
    private final Input<Boolean> insecure =
            everywhere("--insecure-registry", "Speak plain HTTP to registries beyond this machine");
    private final Input<Boolean> debug = everywhere("--debug", "Print the stack trace of an error");

    ReleaseCommand(ProcessContext context) {
        super(
                "Makes, shows and runs releases: one build plus one environment's config, numbered, never changed.",
                footer());
        this.context = context;
        spec().name("release").usageMessage().synopsisSubcommandLabel("COMMAND");
    }

    private static String[] footer() {
        List<String> lines = new ArrayList<>(List.of("Exit codes:"));
        lines.addAll(ExitCode.table());
        lines.addAll(List.of("", "release COMMAND --help says more, with examples."));
        return lines.toArray(String[]::new);
    }

    private <T> Input<T> everywhere(String name, String label, Class<T> type, String description) {
        return add(OptionSpec.builder(name)
                .scopeType(ScopeType.INHERIT)
                .paramLabel(label)
                .type(type)
                .description(description));
    }

    private Input<Boolean> everywhere(String name, String description) {
        return add(OptionSpec.builder(name)
                .scopeType(ScopeType.INHERIT)
                .type(boolean.class)
                .defaultValue("false")
                .description(description));
    }

    /** {@return the command of this name, which is one of {@link #COMMANDS}} */
    Command command(String name) {
        return switch (name) {
            case "create" -> new CreateCommand(this);
            case "promote" -> new PromoteCommand(this);
            case "rollback" -> new RollbackCommand(this);
            case "run" -> new RunCommand(this);
            case "status" -> new StatusCommand(this);
            case "history" -> new HistoryCommand(this);
            case "show" -> new ShowCommand(this);
            case "diff" -> new DiffCommand(this);
            case "verify" -> new VerifyCommand(this);
            case "repair" -> new RepairCommand(this);
            case "render" -> new RenderCommand(this);
            case "check" -> new CheckCommand(this);
            case "explain" -> new ExplainCommand(this);
            case "schema" -> new SchemaCommand(this);
            case "manifest" -> new ManifestCommand(this);
            case "freeze" -> new FreezeCommand(this);
            case "unfreeze" -> new UnfreezeCommand(this);
            case "doctor" -> new DoctorCommand(this);
            case "completion" -> new CompletionCommand(this);
            default -> throw new IllegalArgumentException(name);
        };
    }

    @Override
    int run() {
        throw new CommandLine.ParameterException(spec().commandLine(), "expected a command, got none");
    }

    /** Whether results are printed as JSON, as far as that could be read. */
    boolean isJson() {
        return output.given().equals(Optional.of(OutputForm.JSON));
    }

    /** Whether an error is printed with its stack trace. */
    boolean isDebug() {
        return debug.given().orElse(false);
    }

    Workspace workspace() {
        return new Workspace(environmentsFolder(), openLedger(), imageStore(), context.clock(), context.user());
    }

    EngineRun engineRun(String engine, int memory, String publish, List<String> arguments) {
        return new EngineRun(new EngineRun.Settings(engine, memory, publish, arguments, context.variables()));
    }

    LocalRun localRun() {
        Path home = context.variable("JAVA_HOME")
                .map(Path::of)
                .filter(path -> path.resolve("bin/java").toFile().canExecute())
                .orElseGet(() -> Path.of(System.getProperty("java.home")));
        return new LocalRun(project().resolve(HOME).resolve("run"), home.resolve("bin/java"), context.variables());
    }

    private Path project() {
        return context.variable("RELEASE_PROJECT").map(Path::of).orElse(Path.of(""));
    }

    private Path environmentsFolder() {
        return environments
                .given()
                .or(() -> context.variable("RELEASE_ENVIRONMENTS").map(Path::of))
                .orElseGet(() -> project().resolve("environments"));
    }

    private Ledger openLedger() {
        Optional<String> named = ledger.given().or(() -> context.variable("RELEASE_LEDGER"));
        LedgerPlace place = named.map(this::place)
                .orElseGet(() -> new LedgerPlace.Local(project().resolve(HOME).resolve("ledger.git"), true));
        return Ledger.at(place, project().resolve(HOME).resolve("seen"), Retry.standard());
    }

    private LedgerPlace place(String text) {
        if (text.startsWith("file://")) {
            return new LedgerPlace.Local(Path.of(text.substring("file://".length())), false);
        }
        return LedgerPlace.isUrl(text)
                ? new LedgerPlace.Remote(text, project().resolve(HOME).resolve("ledgers"), context.variables())
                : new LedgerPlace.Local(Path.of(text), false);
    }

    private Optional<String> imagesPlace() {
        return images.given().or(() -> context.variable("RELEASE_IMAGES"));
    }

    /** The app image that a command is about: as given, or one of the repository that {@code --images} names. */
    Optional<String> app(Input<String> input) {
        return input.given().or(() -> context.variable("RELEASE_APP")).map(this::app);
    }

    /** The same, of one that was given. */
    String app(String given) {
        String app = JibImageFile.isNamedBy(given) ? JibImageFile.reference(Path.of(given)) : Registry.completed(given);
        return app.startsWith("sha256:")
                ? imagesPlace()
                        .filter(Registry::isReference)
                        .map(place -> place + "@" + app)
                        .orElse(app)
                : app;
    }

    private ImageStore imageStore() {
        Path folder = imagesPlace()
                .filter(place -> !Registry.isReference(place))
                .map(Path::of)
                .orElseGet(() -> project().resolve(HOME).resolve("images"));
        boolean plain = insecure.value()
                || context.variable("RELEASE_INSECURE_REGISTRY").isPresent();
        return new RoutingImageStore(
                new ImageFolder(folder),
                new Registry(
                        plain,
                        new RegistryCredentials(context.variables(), imagesPlace()),
                        context.variables(),
                        new UploadLines(context)));
    }
}
