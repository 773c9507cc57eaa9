package io.visitorcounter.release.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.visitorcounter.release.ReleaseException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Logins in the forms that Docker and podman write, and people. */
class LoginFilesTest {

    private static final String HOST = "registry.example:5000";
    private static final String PAIR = base64("ada:pa55");

    @TempDir
    Path home;

    private final Map<String, String> variables = new HashMap<>();

    @BeforeEach
    void atHome() {
        variables.put("HOME", home.toString());
        variables.put("PATH", home.resolve("bin") + ":" + System.getenv("PATH"));
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    private Optional<RegistryCredentials.Login> login(String host) {
        return login(host, "team/app");
    }

    private Optional<RegistryCredentials.Login> login(String host, String repository) {
        return new RegistryCredentials(variables, Optional.empty()).of(host, repository);
    }

    private void docker(String json) throws IOException {
        write(".docker/config.json", json);
    }

    private Path write(String name, String text) throws IOException {
        Path file = home.resolve(name);
        Files.createDirectories(file.getParent());
        return Files.writeString(file, text);
    }

    private void helper(String name, String script) throws IOException {
        Path file = write("bin/docker-credential-" + name, "#!/bin/sh\n" + script + "\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "registry.example:5000",
                "https://registry.example:5000",
                "http://registry.example:5000",
                "https://registry.example:5000/",
                "https://registry.example:5000/v1/",
                "registry.example:5000/v2/",
                "Registry.Example:5000"
            })
    void aKeyMayHaveASchemeAPathOrASlash(String key) throws IOException {
        docker("{\"auths\":{\"" + key + "\":{\"auth\":\"" + PAIR + "\"}}}");

        assertThat(login(HOST)).contains(new RegistryCredentials.Login("ada", "pa55"));
        assertThat(login("registry.example")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"docker.io", "index.docker.io", "registry-1.docker.io"})
    void dockerHubsLoginIsUnderItsOldAddress(String host) throws IOException {
        docker("{\"auths\":{\"https://index.docker.io/v1/\":{\"auth\":\"" + PAIR + "\"}}}");

        assertThat(login(host)).isPresent();
        assertThat(login("docker.example")).isEmpty();
    }

    @Test
    void anEntryMayBeWrittenInManyWays() throws IOException {
        Map<String, RegistryCredentials.Login> entries = Map.of(
                "{\"username\":\"ada\",\"password\":\"pa55\"}",
                new RegistryCredentials.Login("ada", "pa55"),
                "{\"auth\":\"" + PAIR.substring(0, 4) + "\\n" + PAIR.substring(4) + "\"}",
                new RegistryCredentials.Login("ada", "pa55"),
                "{\"auth\":\"" + base64("ada:pa55\0\0") + "\"}",
                new RegistryCredentials.Login("ada", "pa55"),
                "{\"auth\":\"" + base64("ada:p:ü") + "\"}",
                new RegistryCredentials.Login("ada", "p:ü"),
                "{\"identitytoken\":\"\",\"auth\":\"" + PAIR + "\"}",
                new RegistryCredentials.Login("ada", "pa55"),
                "{\"identitytoken\":\"t\",\"auth\":\"" + base64("0:0") + "\"}",
                RegistryCredentials.Login.identityToken("t"),
                "{\"registrytoken\":\"t\"}",
                RegistryCredentials.Login.registryToken("t"),
                "{\"registrytoken\":\"t\\n\"}",
                RegistryCredentials.Login.registryToken("t"));
        for (var entry : entries.entrySet()) {
            docker("{\"auths\":{\"" + HOST + "\":" + entry.getKey() + "}}");

            assertThat(login(HOST)).as(entry.getKey()).contains(entry.getValue());
        }
        for (String nothing : List.of(
                "{}",
                "{\"registrytoken\":\"a\\nb\"}",
                "{\"auth\":\"\"}",
                "{\"auth\":\"%%\"}",
                "{\"auth\":\"" + base64(":x") + "\"}")) {
            docker("{\"auths\":{\"" + HOST + "\":" + nothing + "}}");

            assertThat(login(HOST)).as(nothing).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"REGISTRY_AUTH_FILE", "XDG_RUNTIME_DIR", "XDG_CONFIG_HOME", "HOME"})
    void podmansFileIsRead(String variable) throws IOException {
        String json = "{\"auths\":{\"" + HOST + "\":{\"auth\":\"" + PAIR + "\"}}}";
        if (variable.equals("REGISTRY_AUTH_FILE")) {
            variables.put(variable, write("own.json", json).toString());
        } else if (variable.equals("HOME")) {
            write(".config/containers/auth.json", json);
        } else {
            write("xdg/containers/auth.json", json);
            variables.put(variable, home.resolve("xdg").toString());
        }

        assertThat(login(HOST)).isPresent();
    }

    @Test
    void anEmptyFileHasNoLogins() throws IOException {
        for (String empty : List.of("", " \n", "\ufeff")) {
            docker(empty);
            assertThat(login(HOST)).as(empty).isEmpty();
        }

        docker("\ufeff{\"auths\":{\"" + HOST + "\":{\"auth\":\"" + PAIR + "\"}}}");
        assertThat(login(HOST)).isPresent();
    }

    @Test
    void dockersVariableMayNameTheFileItself() throws IOException {
        variables.put(
                "DOCKER_CONFIG",
                write("ci/.dockerconfigjson", "{\"auths\":{\"" + HOST + "\":{\"auth\":\"" + PAIR + "\"}}}")
                        .toString());

        assertThat(login(HOST)).isPresent();
    }

    @Test
    void podmanWithoutASessionKeepsLoginsByTheUsersNumber() throws IOException {
        String uid = String.valueOf(Files.getAttribute(home, "unix:uid"));
        write("run/" + uid + "/auth.json", "{\"auths\":{\"" + HOST + "\":{\"auth\":\"" + PAIR + "\"}}}");

        assertThat(new LoginFiles(variables, home.resolve("run")).of(HOST, "team/app"))
                .isPresent();
    }

    @ParameterizedTest
    @ValueSource(strings = {"other.example:443", "https://other.example:443/v2/", "other.example"})
    void theUsualPortMayBeWrittenOrNot(String key) throws IOException {
        docker("{\"auths\":{\"" + key + "\":{\"auth\":\"" + PAIR + "\"}}}");

        assertThat(login("other.example")).isPresent();
        assertThat(login("other.example:443")).isPresent();
        assertThat(login("other.example:5443")).isEmpty();
    }

    @Test
    void aPartOfARegistryMayHaveALoginOfItsOwn() throws IOException {
        // https://github.com/containers/image/pull/1964
        write(
                ".config/containers/auth.json",
                "{\"auths\":{\"HOST/team/app\":{\"auth\":\"APP\"},\"HOST/team\":{\"auth\":\"TEAM\"},\"HOST\":{\"auth\":\"ALL\"}}}"
                        .replace("HOST", HOST)
                        .replace("APP", base64("app:1"))
                        .replace("TEAM", base64("team:1"))
                        .replace("ALL", base64("all:1")));

        assertThat(login(HOST, "team/app").orElseThrow().user()).isEqualTo("app");
        assertThat(login(HOST, "team/apple").orElseThrow().user()).isEqualTo("team");
        assertThat(login(HOST, "teams").orElseThrow().user()).isEqualTo("all");
    }

    @Test
    void aLoginOfAnotherPartOfTheRegistryIsNotOurs() throws IOException {
        docker("{\"auths\":{\"" + HOST + "/other\":{\"auth\":\"" + PAIR + "\"}}}");

        assertThat(login(HOST)).isEmpty();
    }

    @Test
    void theVariableThatHoldsWhatWouldBeInTheFileCountsFirst() throws IOException {
        docker("{\"auths\":{\"" + HOST + "\":{\"auth\":\"" + base64("file:1") + "\"}}}");
        variables.put("DOCKER_AUTH_CONFIG", "{\"auths\":{\"" + HOST + "\":{\"auth\":\"" + PAIR + "\"}}}");
        assertThat(login(HOST).orElseThrow().user()).isEqualTo("ada");

        variables.put("DOCKER_AUTH_CONFIG", "{\"auths\":{}}");
        assertThat(login(HOST).orElseThrow().user()).isEqualTo("file");

        variables.put("DOCKER_AUTH_CONFIG", "{\"auths\":pa55");
        assertThatThrownBy(() -> login(HOST))
                .isInstanceOf(ReleaseException.Unreachable.class)
                .hasMessage("DOCKER_AUTH_CONFIG: can't be read as a file of logins");
    }

    @Test
    void theOldestFormIsRead() throws IOException {
        write(".dockercfg", "{\"https://" + HOST + "/v1/\":{\"auth\":\"" + PAIR + "\",\"email\":\"\"}}");

        assertThat(login(HOST)).isPresent();
    }

    @Test
    void aHelperIsAskedBeforeAnOldEntryAndOneThatHasNoneIsNotAFailure() throws IOException {
        docker("{\"credsStore\":\"store\",\"auths\":{\"" + HOST + "\":{\"auth\":\"" + base64("old:old") + "\"}}}");
        helper("store", "cat >/dev/null; echo '{\"Username\":\"ada\",\"Secret\":\"pa55\"}'; echo warning >&2");
        assertThat(login(HOST)).contains(new RegistryCredentials.Login("ada", "pa55"));

        helper("store", "cat >/dev/null; echo 'credentials not found in native keychain'; exit 1");
        assertThat(login(HOST)).contains(new RegistryCredentials.Login("old", "old"));

        helper("store", "cat >/dev/null; exit 0");
        assertThat(login(HOST)).contains(new RegistryCredentials.Login("old", "old"));

        helper("store", "cat >/dev/null; echo '{\"Username\":\"\",\"Secret\":\"\"}'");
        assertThat(login(HOST)).contains(new RegistryCredentials.Login("old", "old"));
    }

    @Test
    void whatAHelperSaysWhenItFailsIsToldButNotWhatMayBeAPassword() throws IOException {
        docker("{\"credHelpers\":{\"" + HOST + "\":\"own\"}}");
        helper("own", "cat >/dev/null; echo 'keyring locked' >&2; exit 2");
        assertThatThrownBy(() -> login(HOST))
                .isInstanceOf(ReleaseException.Unreachable.class)
                .hasMessageContaining("docker-credential-own: failed for " + HOST + ": keyring locked");

        helper("own", "cat >/dev/null; echo 'pa55word and no JSON'");
        assertThatThrownBy(() -> login(HOST))
                .isInstanceOf(ReleaseException.Unreachable.class)
                .hasMessageNotContaining("pa55");

        Files.delete(home.resolve("bin/docker-credential-own"));
        assertThatThrownBy(() -> login(HOST)).hasMessageContaining("is it on the PATH?");
    }

    @Test
    @Timeout(20)
    void aHelperThatHangsIsEndedWithItsChildren() throws IOException {
        helper("slow", "sleep 60 & sleep 60");

        assertThatThrownBy(() -> new CredentialHelper("slow", variables, Duration.ofMillis(300)).login(HOST))
                .isInstanceOf(ReleaseException.Unreachable.class)
                .hasMessageContaining("no response within");
    }

    @Test
    void theVariablesLoginIsOnlyForTheRegistryOfOurImages() {
        variables.put("RELEASE_REGISTRY_USER", "ada");
        variables.put("RELEASE_REGISTRY_PASSWORD", "pa55");

        assertThat(new RegistryCredentials(variables, Optional.of(HOST + "/team/app")).of(HOST, "team/app"))
                .isPresent();
        assertThat(new RegistryCredentials(variables, Optional.of(HOST + "/team/app")).of("other.example", "team/app"))
                .isEmpty();
        assertThat(new RegistryCredentials(variables, Optional.of("images")).of(HOST, "team/app"))
                .isEmpty();
        assertThat(new RegistryCredentials(variables, Optional.of("index.docker.io/me/app"))
                        .of("docker.io", "team/app"))
                .isPresent();
    }
}
