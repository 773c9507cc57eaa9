package io.visitorcounter.release.cli;

import io.visitorcounter.release.action.Site;
import io.visitorcounter.release.image.Credentials;
import io.visitorcounter.release.image.ImageFolder;
import io.visitorcounter.release.image.ImagePlaces;
import io.visitorcounter.release.image.ImageStore;
import io.visitorcounter.release.image.PushedImage;
import io.visitorcounter.release.image.Repository;
import io.visitorcounter.release.ledger.Ledger;
import io.visitorcounter.release.ledger.LedgerPlace;
import io.visitorcounter.release.ledger.Retry;
import io.visitorcounter.release.run.EngineRun;
import io.visitorcounter.release.run.LocalRun;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** {@code release}, with the options that every command takes. */
@Command(
        name = "release",
        mixinStandardHelpOptions = true,
        scope = ScopeType.INHERIT,
        versionProvider = ReleaseCommand.Version.class,
        synopsisSubcommandLabel = "COMMAND",
        description =
                "Makes, shows and runs releases: one build plus one environment's config, numbered, never changed.",
        sortOptions = false,
        usageHelpWidth = 110)
final class ReleaseCommand implements Callable<Integer> {

    private static final String HOME = ".release";

    final Surroundings surroundings;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it before anything reads it
    CommandSpec spec;

    @Option(
            names = "--environments",
            scope = ScopeType.INHERIT,
            paramLabel = "FOLDER",
            description = "The environments' files. Default: $RELEASE_ENVIRONMENTS, or ./environments")
    @Nullable Path environments;

    @Option(
            names = "--ledger",
            scope = ScopeType.INHERIT,
            paramLabel = "REPO",
            description = "The git repository with the history. Default: $RELEASE_LEDGER, or ./.release/ledger.git")
    @Nullable String ledger;

    @Option(
            names = "--images",
            scope = ScopeType.INHERIT,
            paramLabel = "PLACE",
            description = "Where images are: a folder of tars, or a registry's host/name, which lets --app be a digest"
                    + " alone. Default: $RELEASE_IMAGES, or ./.release/images")
    @Nullable String images;

    @Option(
            names = "--output",
            scope = ScopeType.INHERIT,
            paramLabel = "FORM",
            defaultValue = "text",
            description = "How the result is printed: text or json")
    OutputForm output = OutputForm.TEXT;

    @Option(
            names = "--insecure-registry",
            scope = ScopeType.INHERIT,
            description = "Speak plain HTTP to registries beyond this machine")
    boolean insecure;

    @Option(names = "--debug", scope = ScopeType.INHERIT, description = "Print the stack trace of an error")
    boolean debug;

    ReleaseCommand(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    /** The commands by name, in the order of the help. */
    Map<String, Supplier<Object>> commands() {
        Map<String, Supplier<Object>> commands = new LinkedHashMap<>();
        commands.put("create", () -> new CreateCommand(this));
        commands.put("promote", () -> new PromoteCommand(this));
        commands.put("rollback", () -> new RollbackCommand(this));
        commands.put("run", () -> new RunCommand(this));
        commands.put("status", () -> new StatusCommand(this));
        commands.put("history", () -> new HistoryCommand(this));
        commands.put("show", () -> new ShowCommand(this));
        commands.put("diff", () -> new DiffCommand(this));
        commands.put("verify", () -> new VerifyCommand(this));
        commands.put("render", () -> new RenderCommand(this));
        commands.put("check", () -> new CheckCommand(this));
        commands.put("explain", () -> new ExplainCommand(this));
        commands.put("schema", () -> new SchemaCommand(this));
        commands.put("manifest", () -> new ManifestCommand(this));
        commands.put("freeze", () -> new FreezeCommand(this));
        commands.put("unfreeze", () -> new UnfreezeCommand(this));
        commands.put("doctor", () -> new DoctorCommand(this));
        commands.put("completion", () -> new CompletionCommand(this));
        return commands;
    }

    @Override
    public Integer call() {
        throw new CommandLine.ParameterException(spec.commandLine(), "expected a command, got none");
    }

    Site site() {
        return new Site(environmentsFolder(), openLedger(), imageStore(), surroundings.clock(), surroundings.user());
    }

    EngineRun engineRun(String engine, int memory) {
        return new EngineRun(engine, memory, surroundings.variables());
    }

    LocalRun localRun() {
        Path home = surroundings
                .variable("JAVA_HOME")
                .map(Path::of)
                .filter(path -> path.resolve("bin/java").toFile().canExecute())
                .orElseGet(() -> Path.of(System.getProperty("java.home")));
        return new LocalRun(project().resolve(HOME).resolve("run"), home.resolve("bin/java"), surroundings.variables());
    }

    private Path project() {
        return surroundings.variable("RELEASE_PROJECT").map(Path::of).orElse(Path.of(""));
    }

    private Path environmentsFolder() {
        if (environments != null) {
            return environments;
        }
        return surroundings
                .variable("RELEASE_ENVIRONMENTS")
                .map(Path::of)
                .orElseGet(() -> project().resolve("environments"));
    }

    private Ledger openLedger() {
        Optional<String> named = Optional.ofNullable(ledger).or(() -> surroundings.variable("RELEASE_LEDGER"));
        LedgerPlace place = named.map(this::place)
                .orElseGet(() -> new LedgerPlace.Local(project().resolve(HOME).resolve("ledger.git"), true));
        return Ledger.at(place, project().resolve(HOME).resolve("seen"), Retry.standard());
    }

    private LedgerPlace place(String text) {
        if (text.startsWith("file://")) {
            return new LedgerPlace.Local(Path.of(text.substring("file://".length())), false);
        }
        return LedgerPlace.isUrl(text)
                ? new LedgerPlace.Remote(text, project().resolve(HOME).resolve("ledgers"), surroundings.variables())
                : new LedgerPlace.Local(Path.of(text), false);
    }

    private Optional<String> imagesPlace() {
        return Optional.ofNullable(images).or(() -> surroundings.variable("RELEASE_IMAGES"));
    }

    /** The app image that a command is about: as given, or one of the repository that {@code --images} names. */
    Optional<String> app(@Nullable String given) {
        Optional<String> named = Optional.ofNullable(given).or(() -> surroundings.variable("RELEASE_APP"));
        return named.map(app -> PushedImage.isNamedBy(app) ? PushedImage.reference(Path.of(app)) : app)
                .map(app -> app.startsWith("sha256:")
                        ? imagesPlace()
                                .filter(Repository::isReference)
                                .map(place -> place + "@" + app)
                                .orElse(app)
                        : app);
    }

    private ImageStore imageStore() {
        Path folder = imagesPlace()
                .filter(place -> !Repository.isReference(place))
                .map(Path::of)
                .orElseGet(() -> project().resolve(HOME).resolve("images"));
        boolean plain =
                insecure || surroundings.variable("RELEASE_INSECURE_REGISTRY").isPresent();
        return new ImagePlaces(
                new ImageFolder(folder),
                new Repository(plain, new Credentials(surroundings.variables()), new UploadLines(surroundings)));
    }

    /** The tool's version, from its jar. */
    static final class Version implements CommandLine.IVersionProvider {

        @Override
        public String[] getVersion() {
            String version = ReleaseCommand.class.getPackage().getImplementationVersion();
            return new String[] {"release " + (version == null ? "(not packaged)" : version)};
        }
    }
}
