package io.visitorcounter.core.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.RedisConnectionException;
import io.visitorcounter.core.spi.Outcome;
import java.net.URI;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.util.Optional;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ConnectFailureTest {

    private static final RedisAddress ADDRESS = RedisAddress.of(URI.create("rediss://redis:6380"), Optional.empty());

    private static String text(Throwable cause) {
        return ConnectFailure.of(new RedisConnectionException("Unable to connect", handshake(cause)), ADDRESS)
                .text();
    }

    private static Exception handshake(Throwable cause) {
        SSLHandshakeException failed = new SSLHandshakeException("PKIX path validation failed");
        failed.initCause(cause);
        return failed;
    }

    @Test
    void anExpiredCertificateIsCalledSo() {
        assertThat(text(new CertificateExpiredException("NotAfter: Mon Jan 06 00:00:00 UTC 2020")))
                .isEqualTo("its certificate has expired (NotAfter: Mon Jan 06 00:00:00 UTC 2020); renew it on the"
                        + " server");
    }

    @Test
    void aCertificateOfTomorrowIsCalledSo() {
        assertThat(text(new CertificateNotYetValidException("NotBefore: tomorrow")))
                .contains("not valid yet")
                .contains("check both clocks");
    }

    @Test
    void whatIsNotKnownStillEndsInAStep() {
        assertThat(ConnectFailure.of(new IllegalStateException("odd"), ADDRESS).text())
                .isEqualTo("odd; start a Redis there or change the address");
    }

    @Test
    void aDatabaseThatIsNotThereEndsInItsOwnStep() {
        assertThat(text(new RedisCommandExecutionException("ERR DB index is out of range")))
                .isEqualTo("the server has no database of this number; choose another (counter-web: redis.database)");
    }

    @Test
    void aConnectionThatIsCutBeforeItsHandlersStandIsCut() {
        RedisAddress plain = RedisAddress.of(URI.create("redis://redis:6379"), Optional.empty());

        assertThat(ConnectFailure.of(new IllegalStateException("RedisHandshakeHandler not registered"), plain)
                        .text())
                .contains("was cut")
                .contains("use rediss:");
    }

    @ParameterizedTest
    @ValueSource(strings = {"ERR upstream failure", "ERR server closed connection", "UNKNOWN something else"})
    void anErrorOfUnknownOriginMayHaveComeAfterTheWrite(String error) {
        Outcome outcome = ServerErrors.outcome(new RedisCommandExecutionException(error), ADDRESS, "");

        assertThat(outcome)
                .isInstanceOfSatisfying(
                        Outcome.MaybeWritten.class,
                        maybe -> assertThat(maybe.again()).isTrue());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "NOTCOUNTED ERR value is not an integer or out of range",
                "NOPERM this user has no permissions to run the 'evalsha' command",
                "ERR Error running script (call to f_c115): @user_script:22: @user_script: 22: The user executing the"
                        + " script can't run this command or subcommand",
                "WRONGTYPE Operation against a key holding the wrong kind of value"
            })
    void anErrorBeforeTheFirstWriteIsNotCounted(String error) {
        Outcome outcome = ServerErrors.outcome(new RedisCommandExecutionException(error), ADDRESS, "");

        assertThat(outcome)
                .isInstanceOfSatisfying(
                        Outcome.NotWritten.class, not -> assertThat(not.again()).isFalse());
    }

    @Test
    void whatTheScriptCouldNotTakeBackIsMaybeCounted() {
        assertThat(ServerErrors.outcome(new RedisCommandExecutionException("MAYBECOUNTED ERR something"), ADDRESS, ""))
                .isInstanceOfSatisfying(
                        Outcome.MaybeWritten.class,
                        maybe -> assertThat(maybe.again()).isFalse());
    }
}
