package io.visitorcounter.release;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.IdentifierTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.Tree;
import com.sun.source.tree.VariableTree;
import com.sun.source.util.TreeScanner;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import javax.lang.model.element.Modifier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** No record shows a secret in a log or an exception: a record's own {@code toString} prints each component, so one that
 *  may hold secrets has another that leaves them out. */
class PrintedSecretsTest {

    /** Types that may hold anything: variables of a process, headers, values before their key is known. */
    private static final Pattern ANYTHING =
            Pattern.compile("(Sorted|Navigable)?Map<String, ?(String|Object)>|Object|PrivateKey|KeyPair");

    private static final Pattern TEXT = Pattern.compile("String|char\\[\\]|Optional<String>");
    private static final Pattern NAME_OF_SECRET =
            Pattern.compile("(?i).*(password|passphrase|token|secret|credential|login|reply|privatekey).*");

    /** What is public, or says itself that it is a secret. */
    private static final Map<String, String> PUBLIC = new TreeMap<>(Map.ofEntries(
            Map.entry("AppConfig.values", "a secret is a Secret there"),
            Map.entry("Condition.value", "written in ConfigKeys"),
            Map.entry("Challenge.parameters", "what a registry asks for"),
            Map.entry("Forecast.secrets", "versions of secrets"),
            Map.entry("Subject.secrets", "versions of secrets"),
            Map.entry("Referrer.annotations", "of an image"),
            Map.entry("Request.labels", "of an image"),
            Map.entry("Plan.declared", "labels of an image"),
            Map.entry("ReleaseLayer.declared", "labels of an image"),
            Map.entry("Workload.labels", "of an image"),
            Map.entry("Workload.env", "a bundle's, which is committed"),
            Map.entry("RunnableRelease.settings", "a bundle's, which is committed")));

    @TempDir
    Path folder;

    @Test
    void noRecordPrintsWhatMayBeASecret() throws IOException {
        Printed printed = printed(SourceTrees.ofTheProject());

        assertThat(printed.hidden)
                .contains(
                        "Variables.environment",
                        "Credentials.password",
                        "Login.password",
                        "LocalRun.ambient",
                        "Prepared.variables",
                        "ProcessContext.variables");
        assertThat(printed.shown)
                .as("write a toString that leaves it out, or say in PUBLIC why it is no secret")
                .containsExactlyInAnyOrderElementsOf(PUBLIC.keySet());
    }

    @Test
    void aMapOfVariablesAndATokenCountAndAToStringThatReadsOneDoesNotHelp() throws IOException {
        Files.writeString(folder.resolve("A.java"), """
                class A {
                    static final String TOKEN = "";
                    record Plain(Map<String, String> variables, int port) { static final Object NONE = 1; }
                    record Mute(Map<String, String> variables, String apiToken) {
                        @Override public String toString() { return "mute"; }
                    }
                    record Chatty(Map<String, String> variables, String apiToken) {
                        @Override public String toString() { return "chatty " + variables.keySet(); }
                    }
                    record Named(Optional<String> password, String user) {
                        public String toString(int indent) { return ""; }
                    }
                }
                """);

        Printed printed = printed(SourceTrees.under(folder));

        assertThat(printed.shown).containsExactly("Plain.variables", "Chatty.variables", "Named.password");
        assertThat(printed.hidden).containsExactly("Mute.variables", "Mute.apiToken", "Chatty.apiToken");
    }

    private static Printed printed(List<CompilationUnitTree> units) {
        Printed printed = new Printed();
        units.forEach(unit -> unit.accept(printed, null));
        return printed;
    }

    /** Sorts the components that may be secrets by whether {@code toString} shows them, each as {@code Record.name}. */
    private static final class Printed extends TreeScanner<@Nullable Void, @Nullable Void> {

        private static final String ALL = "*";

        final List<String> shown = new ArrayList<>();
        final List<String> hidden = new ArrayList<>();

        @Override
        public @Nullable Void visitClass(ClassTree type, @Nullable Void nothing) {
            if (type.getKind() == Tree.Kind.RECORD) {
                Set<String> read = readByToString(type);
                for (Tree member : type.getMembers()) {
                    if (member instanceof VariableTree component && mayBeSecret(component)) {
                        String name = component.getName().toString();
                        (read.contains(name) || read.contains(ALL) ? shown : hidden)
                                .add(type.getSimpleName() + "." + name);
                    }
                }
            }
            return super.visitClass(type, null);
        }

        private static boolean mayBeSecret(VariableTree component) {
            String type = component.getType().toString().replace("@Nullable ", "");
            return !component.getModifiers().getFlags().contains(Modifier.STATIC)
                    && (ANYTHING.matcher(type).matches()
                            || (TEXT.matcher(type).matches()
                                    && NAME_OF_SECRET
                                            .matcher(component.getName())
                                            .matches()));
        }

        private static Set<String> readByToString(ClassTree type) {
            for (Tree member : type.getMembers()) {
                if (member instanceof MethodTree method
                        && method.getName().contentEquals("toString")
                        && method.getParameters().isEmpty()) {
                    List<String> read = new ArrayList<>();
                    method.accept(
                            new TreeScanner<@Nullable Void, @Nullable Void>() {
                                @Override
                                public @Nullable Void visitIdentifier(IdentifierTree name, @Nullable Void nothing) {
                                    read.add(name.getName().toString());
                                    return null;
                                }
                            },
                            null);
                    return Set.copyOf(read);
                }
            }
            return Set.of(ALL);
        }
    }
}
