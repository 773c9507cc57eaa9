package io.visitorcounter.release.cli;

import static java.util.Objects.requireNonNull;

import groovy.lang.Binding;
import groovy.lang.Closure;
import groovy.lang.GroovyShell;
import groovy.lang.Script;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.codehaus.groovy.control.CompilerConfiguration;
import org.codehaus.groovy.runtime.InvokerHelper;
import org.codehaus.groovy.runtime.typehandling.DefaultTypeTransformation;
import org.jspecify.annotations.Nullable;

/**
 * One run of a declarative Jenkinsfile by Groovy itself, as far as this project's goes: its conditions decide, its sh
 * steps run in the folder, and what else it does is written down. It knows the names that the suggested plugins and
 * junit bring; another one ends the test. Every stage shares one folder, as agents with the stashes would.
 */
final class JenkinsRun {

    private static final Set<String> SECTIONS =
            Set.of("agent", "environment", "options", "parameters", "post", "stages", "steps", "when");

    private static final Set<String> OPTIONS = Set.of(
            "agent", "beforeAgent", "buildDiscarder", "logRotator", "nonresumable", "retry", "timeout", "timestamps");

    private final Path folder;
    private final Map<String, @Nullable Object> parameters;
    private final Map<String, @Nullable Object> environment = new HashMap<>();
    private final Deque<Map<String, Object>> sections = new ArrayDeque<>();
    private final Set<String> stashes = new HashSet<>();
    private final List<String> events = new ArrayList<>();
    private final Map<String, List<?>> choices = new LinkedHashMap<>();
    private List<Map<?, ?>> logins = List.of();
    private String agent = "none";
    private boolean condition = true;
    private @Nullable String failure;

    private JenkinsRun(Path folder, Map<String, String> parameters) {
        this.folder = folder;
        this.parameters = new HashMap<>(parameters);
    }

    /** Runs the Jenkinsfile of a folder, in that folder.
     *  @param parameters   of the run
     *  @param environment  what the controller and the checkout set: Jenkins adds the parameters, but in a first run */
    static JenkinsRun of(Path folder, Map<String, String> parameters, Map<String, String> environment) {
        JenkinsRun run = new JenkinsRun(folder, parameters);
        run.environment.putAll(environment);
        CompilerConfiguration compiler = new CompilerConfiguration();
        compiler.setScriptBaseClass(Pipeline.class.getName());
        Binding names = new Binding(
                new HashMap<>(Map.of("params", run.parameters, "env", run.environment, "any", "any", "none", "none")));
        try {
            Pipeline script = (Pipeline) new GroovyShell(JenkinsRun.class.getClassLoader(), names, compiler)
                    .parse(Files.readString(folder.resolve("Jenkinsfile")), "Jenkinsfile");
            script.run = run;
            script.run();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return run;
    }

    /** {@return what was done, in order: the stages that ran, with their agents, and the steps that leave something} */
    List<String> events() {
        return events;
    }

    /** {@return the parameters that the job learns, with what they may be; empty for a text} */
    Map<String, List<?>> choices() {
        return choices;
    }

    /** {@return why the run failed, or null} */
    @Nullable String failure() {
        return failure;
    }

    /** The class that the Jenkinsfile becomes: what it does not define itself is asked of the run. */
    public abstract static class Pipeline extends Script {

        private @Nullable JenkinsRun run;

        @Override
        public @Nullable Object invokeMethod(String name, Object arguments) {
            return requireNonNull(run).call(name, InvokerHelper.asArray(arguments));
        }

        @Override
        public void setProperty(String name, Object value) {
            requireNonNull(run).environment.put(name, value.toString());
        }
    }

    private @Nullable Object call(String name, Object[] given) {
        if (SECTIONS.contains(name) && given.length == 1) {
            sections.element().put(name, given[0]);
            return null;
        }
        if (OPTIONS.contains(name)) {
            return name;
        }
        switch (name) {
            case "pipeline" -> pipeline(sectionsOf(given[0]));
            case "stage" -> stage(given[0].toString(), sectionsOf(given[1]));
            case "choice" -> choices.put(named(given, "name"), (List<?>) setting(given, "choices"));
            case "string" -> choices.put(named(given, "name"), List.of());
            case "expression" -> condition &= DefaultTypeTransformation.castToBoolean(body(given[0]));
            case "label" -> agent = "label '" + given[0] + "'";
            case "always", "unsuccessful", "script" -> body(given[0]);
            default -> {
                return step(name, given);
            }
        }
        return null;
    }

    private @Nullable Object step(String name, Object[] given) {
        switch (name) {
            case "usernamePassword", "file" -> {
                return given[0];
            }
            case "withCredentials" -> withLogins((List<?>) given[0], given[1]);
            case "withEnv" -> withEnv((List<?>) given[0], given[1]);
            case "sh" -> sh(given[0].toString());
            case "error" -> throw new Failed(given[0].toString());
            case "stash" -> stash(named(given, "name"), named(given, "includes"));
            case "unstash" -> {
                if (!stashes.contains(given[0].toString())) {
                    throw new Failed("no stash " + given[0]);
                }
            }
            case "archiveArtifacts" -> {
                if (!Boolean.TRUE.equals(((Map<?, ?>) given[0]).get("allowEmptyArchive"))) {
                    requireFiles(named(given, "artifacts"));
                }
            }
            case "readFile" -> {
                return read(given[0].toString());
            }
            case "junit" -> events.add("junit");
            case "milestone" -> events.add("milestone " + given[0]);
            case "mail" -> events.add("mail to " + named(given, "to") + ": " + named(given, "subject"));
            case "input" -> {
                events.add("input of " + named(given, "submitter") + " on " + agent + ": " + named(given, "message"));
                return "an-approver";
            }
            default ->
                throw new AssertionError("Jenkinsfile: " + name + ": not known to the suggested plugins or junit");
        }
        return null;
    }

    private void pipeline(Map<String, Object> found) {
        open(found, "parameters");
        open(found, "options");
        open(found, "environment");
        try {
            open(found, "stages");
        } catch (Failed e) {
            failure = e.getMessage();
            open(found, "post");
        }
    }

    private void stage(String name, Map<String, Object> found) {
        condition = true;
        open(found, "when");
        if (!condition) {
            return;
        }
        String before = agent;
        if (found.get("agent") instanceof Closure<?> which) {
            which.call();
        } else if (found.get("agent") != null) {
            agent = found.get("agent").toString();
        }
        Map<String, @Nullable Object> outside = new HashMap<>(environment);
        open(found, "environment");
        open(found, "options");
        events.add("stage " + name + " on " + agent);
        try {
            open(found, "steps");
            open(found, "stages");
        } finally {
            open(found, "post");
        }
        environment.put("RELEASE_USER", outside.get("RELEASE_USER"));
        agent = before;
    }

    private Map<String, Object> sectionsOf(Object block) {
        sections.push(new LinkedHashMap<>());
        body(block);
        return sections.pop();
    }

    private static void open(Map<String, Object> found, String section) {
        if (found.containsKey(section)) {
            body(requireNonNull(found.get(section)));
        }
    }

    private static @Nullable Object body(Object closure) {
        return ((Closure<?>) closure).call();
    }

    private static Object setting(Object[] given, String name) {
        return requireNonNull(((Map<?, ?>) given[0]).get(name), name);
    }

    private static String named(Object[] given, String name) {
        return setting(given, name).toString();
    }

    private void withLogins(List<?> bindings, Object commands) {
        List<Map<?, ?>> outside = logins;
        logins = Stream.concat(outside.stream(), bindings.stream().<Map<?, ?>>map(binding -> (Map<?, ?>) binding))
                .toList();
        body(commands);
        logins = outside;
    }

    private void withEnv(List<?> settings, Object commands) {
        Map<String, @Nullable Object> outside = new HashMap<>(environment);
        for (Object setting : settings) {
            String[] words = setting.toString().split("=", 2);
            environment.put(words[0], words[1]);
        }
        body(commands);
        environment.clear();
        environment.putAll(outside);
    }

    private void sh(String script) {
        if (agent.equals("none")) {
            throw new Failed("sh without an agent");
        }
        List<Object> with = logins.stream()
                .<Object>map(login -> requireNonNull(login.get("credentialsId")))
                .toList();
        events.add("sh " + script + (with.isEmpty() ? "" : " with " + with));
        ProcessBuilder process = new ProcessBuilder("/bin/sh", "-e", "-c", script)
                .directory(folder.toFile())
                .redirectErrorStream(true);
        Stream.of(parameters, environment)
                .forEach(values -> values.forEach((name, value) -> {
                    if (value != null) {
                        process.environment().put(name, value.toString());
                    }
                }));
        for (Map<?, ?> login : logins) {
            if (login.containsKey("variable")) {
                process.environment().put(requireNonNull(login.get("variable")).toString(), "a-file");
                continue;
            }
            process.environment()
                    .put(requireNonNull(login.get("usernameVariable")).toString(), "user");
            process.environment()
                    .put(requireNonNull(login.get("passwordVariable")).toString(), "a-password");
        }
        try {
            Process started = process.start();
            String said = new String(started.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (started.waitFor() != 0) {
                throw new Failed(script + ": exit code " + started.exitValue() + "\n" + said);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Failed("interrupted");
        }
    }

    private void stash(String name, String includes) {
        requireFiles(includes);
        stashes.add(name);
    }

    /** Fails unless each of these patterns has a file: what is kept is what the commands write. */
    private void requireFiles(String patterns) {
        for (String pattern : patterns.split(", ", -1)) {
            PathMatcher matcher = FileSystems.getDefault().getPathMatcher("glob:" + pattern);
            try (Stream<Path> files = Files.walk(folder)) {
                if (files.noneMatch(file -> matcher.matches(folder.relativize(file)))) {
                    throw new Failed(pattern + ": no such file");
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private String read(String file) {
        try {
            return Files.readString(folder.resolve(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Ends a run as the step error and a command that fails do. */
    private static final class Failed extends RuntimeException {

        private static final long serialVersionUID = 1;

        Failed(String message) {
            super(message);
        }
    }
}
