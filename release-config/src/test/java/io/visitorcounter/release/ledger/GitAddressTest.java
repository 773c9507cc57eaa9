package io.visitorcounter.release.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.visitorcounter.release.ReleaseException;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class GitAddressTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://host/l.git",
                "HTTPS://host/l.git",
                "FILE:///srv/l.git",
                "ssh://git@host:2222/l.git",
                "git://host/l.git",
                "git@host:l.git",
                "host:path/l.git",
                "[::1]:l.git"
            })
    void whatGitTakesForAUrlIsOne(String text) {
        assertThat(LedgerPlace.of(text, Path.of("copies"), Map.of())).isInstanceOf(LedgerPlace.Remote.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"l.git", "./l.git", "/srv/l.git", "/srv/a:b/l.git", "./a:b", "../x"})
    void aPathIsAPath(String text) {
        assertThat(LedgerPlace.of(text, Path.of("copies"), Map.of()))
                .isEqualTo(new LedgerPlace.Local(Path.of(text), false));
    }

    @Test
    void aTildeIsTheUsersFolder() {
        assertThat(LedgerPlace.of("~/l.git", Path.of("copies"), Map.of()))
                .isEqualTo(new LedgerPlace.Local(Path.of(System.getProperty("user.home"), "l.git"), false));
    }

    @ParameterizedTest
    @CsvSource({
        "https://host:99999/l.git, 99999",
        "ssh://bob:secret@host:65536/l.git, 65536",
        "http://[::1]:123456789012345678901/l.git, 123456789012345678901",
        "git://host:70000, 70000",
    })
    void aPortThatIsNoneIsUsage(String text, String port) {
        assertThatThrownBy(() -> LedgerPlace.of(text, Path.of("copies"), Map.of()))
                .isInstanceOf(ReleaseException.Usage.class)
                .hasMessageEndingWith(": expected a port up to 65535, got " + port)
                .hasMessageNotContaining("secret");
    }

    @ParameterizedTest
    @ValueSource(strings = {"https://host:65535/l.git", "ssh://bob:99999@host/l.git", "https://host/a:99999/l.git"})
    void otherNumbersAreNoPort(String text) {
        assertThat(GitAddress.of(text)).isPresent();
    }

    @Test
    void anotherSchemeAndNothingAreUsage() {
        for (String text : new String[] {"ftp://bob:secret@host/l.git", "", " "}) {
            assertThatThrownBy(() -> LedgerPlace.of(text, Path.of("copies"), Map.of()))
                    .isInstanceOf(ReleaseException.Usage.class)
                    .hasMessageNotContaining("secret");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "https://bob:secret@Host/l.git/, https://host/l.git",
        "HTTPS://host/l.git, https://host/l.git",
        "https://host/l.git, https://host/l.git",
        "git@host:l.git, git@host:l.git",
    })
    void oneLedgerHasOneIdentityHoweverItIsWritten(String text, String identity) {
        assertThat(GitAddress.of(text).orElseThrow().identity()).isEqualTo(identity);
    }
}
