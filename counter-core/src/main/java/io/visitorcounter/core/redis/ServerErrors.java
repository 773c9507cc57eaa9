package io.visitorcounter.core.redis;

import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.RedisCommandTimeoutException;
import io.lettuce.core.RedisConnectionException;
import io.lettuce.core.RedisException;
import io.lettuce.core.cluster.PartitionException;
import io.visitorcounter.core.spi.Outcome;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.regex.Pattern;

/** What Lettuce's failures and the server's errors mean for a write. */
final class ServerErrors {

    /** The rights that counting needs, in the syntax of {@code ACL SETUSER}. */
    static final String RIGHTS =
            "+eval +evalsha +get +set +incrby +hset +hmget +hincrby +hdel +hlen +hkeys +time +pttl +ping +info";

    /** The additional rights for noting visitors. */
    static final String VISITOR_RIGHTS = "+pfadd +pfcount +pexpire";

    private static final String NOT_COUNTED = "NOTCOUNTED ";
    private static final String MAYBE_COUNTED = "MAYBECOUNTED ";

    /** Temporary errors that the server returns before it changes anything. In a script of Redis 6.2 they are in the
     *  middle of the message. */
    private static final List<String> PASSING = List.of(
            "LOADING ",
            "BUSY ",
            "MASTERDOWN ",
            "CLUSTERDOWN ",
            "TRYAGAIN ",
            "READONLY ",
            "OOM ",
            "MISCONF ",
            "NOREPLICAS ",
            "MOVED ",
            "ASK ",
            "NOSCRIPT ",
            "max number of clients");

    /** Errors that stay until somebody acts, and that the server returns before it changes anything: it refused the
     *  command, or the script failed before its first write or took back what it wrote. */
    private static final List<String> REFUSED = List.of(
            NOT_COUNTED,
            "user_script",
            "NOPERM",
            "NOAUTH",
            "WRONGPASS",
            "WRONGTYPE",
            "DENIED",
            "CROSSSLOT",
            "unknown command",
            "Error compiling script");

    private static final List<String> OF_SCRIPT = List.of(NOT_COUNTED, MAYBE_COUNTED, "user_script");
    private static final Pattern OWN_WORD = Pattern.compile("^(?:NOT|MAYBE)COUNTED (?:ERR )?");
    // Since Redis 7.0 after the error. Earlier versions put it around the error, or before it if the script passes it
    // on.
    private static final Pattern WHERE_IN_SCRIPT = Pattern.compile(" script: [0-9a-f]{40}, on @user_script:\\d+\\.?"
            + "|^ERR Error running script \\(call to f_[0-9a-f]{40}\\): @user_script:\\d+: (?:@user_script: \\d+: )?-?"
            + "|^@user_script: \\d+: -?");

    // Lettuce's messages for the commands of a connection that has ended.
    private static final Pattern CUT =
            Pattern.compile("^(?:Connection (?:is )?(?:closed|disconnected)|Currently not connected)");

    private static final Pattern VISITOR_COMMAND = Pattern.compile("\\b(pfadd|pfcount|pexpire)\\b");

    private ServerErrors() {}

    /** {@return the outcome for the visits}
     *
     *  @param where the address, for the message
     *  @param right the missing right, as in {@link VisitCheck#missingRight}; empty if none is known */
    static Outcome outcome(Throwable thrown, RedisAddress where, String right) {
        Throwable failure = cause(thrown);
        if (failure instanceof RedisCommandExecutionException error) {
            return ofError(error, where, right);
        }
        // Lettuce reports these only for commands that were not sent, or not completely (DefaultEndpoint.validateWrite
        // and RetryListener). A server does not run an incomplete command.
        if (failure instanceof RedisConnectionException
                || failure instanceof PartitionException
                || (failure instanceof RedisException
                        && String.valueOf(failure.getMessage()).startsWith("Currently not connected"))) {
            return new Outcome.NotWritten(where + ": not connected", failure, true);
        }
        return new Outcome.MaybeWritten(where + ": " + told(failure), failure, true);
    }

    private static Outcome ofError(RedisCommandExecutionException error, RedisAddress where, String right) {
        String text = String.valueOf(error.getMessage());
        String why = where + ": " + (right.isEmpty() ? permanent(error) : right);
        if (text.startsWith(MAYBE_COUNTED)) {
            return new Outcome.MaybeWritten(why, error, false);
        }
        if (passes(error)) {
            return new Outcome.NotWritten(where + ": " + oneLine(error), error, true);
        }
        if (REFUSED.stream().anyMatch(text::contains)) {
            return new Outcome.NotWritten(why, error, false);
        }
        // It is not known who replied this and when: a proxy may reply so after it has forwarded the command.
        return new Outcome.MaybeWritten(where + ": " + oneLine(error), error, true);
    }

    /** {@return whether the failure may go away by itself} */
    static boolean passes(Throwable thrown) {
        Throwable failure = cause(thrown);
        return !(failure instanceof RedisCommandExecutionException)
                || PASSING.stream().anyMatch(String.valueOf(failure.getMessage())::contains);
    }

    static boolean isReadOnly(Throwable thrown) {
        return isError(thrown, "READONLY ");
    }

    /** {@return whether the connection is no longer authenticated} */
    static boolean isUnauthenticated(Throwable thrown) {
        return isError(thrown, "NOAUTH ");
    }

    /** {@return whether a script says that it counted nothing} */
    static boolean isNotCounted(Throwable thrown) {
        return isError(thrown, NOT_COUNTED);
    }

    private static boolean isError(Throwable thrown, String word) {
        return error(thrown).contains(word);
    }

    /** {@return the server's error; empty if the failure is none} */
    private static String error(Throwable thrown) {
        return cause(thrown) instanceof RedisCommandExecutionException error ? String.valueOf(error.getMessage()) : "";
    }

    static boolean isTimeout(Throwable thrown) {
        return cause(thrown) instanceof RedisCommandTimeoutException;
    }

    /** {@return whether the server refused the command because the user may not use it or its keys} */
    static boolean isDenied(Throwable thrown) {
        return error(thrown).startsWith("NOPERM");
    }

    /** {@return whether a missing right may be the cause; the server must then be asked which} */
    static boolean mayBeOfRights(Throwable thrown) {
        return (isDenied(thrown) || OF_SCRIPT.stream().anyMatch(error(thrown)::contains))
                && !passes(thrown)
                && !isError(thrown, "WRONGTYPE ");
    }

    static Throwable cause(Throwable thrown) {
        Throwable at = thrown;
        while ((at instanceof CompletionException || at instanceof ExecutionException) && at.getCause() != null) {
            at = at.getCause();
        }
        return at;
    }

    /** {@return what a lasting error means, with the next step} */
    static String permanent(Throwable error) {
        String text = String.valueOf(error.getMessage());
        if (text.contains("WRONGTYPE")) {
            return "a key of the counter holds another type than expected; rename or delete it";
        }
        if (text.startsWith("NOPERM") && VISITOR_COMMAND.matcher(text).find()) {
            return "the user may not note visitors (" + oneLine(error) + "); ACL SETUSER it " + VISITOR_RIGHTS;
        }
        if (text.startsWith("NOPERM")) {
            return "the user lacks a right (" + oneLine(error) + "); grant it with ACL SETUSER";
        }
        if (text.contains("NOAUTH") || text.contains("WRONGPASS") || text.contains("invalid password")) {
            return ConnectFailure.refused(text);
        }
        return oneLine(error);
    }

    /** {@return the failure in the connection's own words: a cut connection gives the same reason whether a command, a
     *  check or the connection meets it, and whatever the network's message is} */
    static String told(Throwable failure) {
        Throwable at = innermost(failure);
        boolean cut = at instanceof IOException
                || (at instanceof RedisException
                        && CUT.matcher(String.valueOf(at.getMessage())).find());
        return cut ? "not connected: " + ReconnectingConnection.CUT : oneLine(at);
    }

    private static Throwable innermost(Throwable failure) {
        Throwable at = cause(failure);
        while (at instanceof RedisConnectionException && at.getCause() != null) {
            at = at.getCause();
        }
        return at;
    }

    static String oneLine(Throwable failure) {
        Throwable at = innermost(failure);
        String text = at.getMessage() == null ? at.getClass().getSimpleName() : at.getMessage();
        String line = text.lines().findFirst().orElse("").strip();
        return WHERE_IN_SCRIPT.matcher(OWN_WORD.matcher(line).replaceFirst("")).replaceFirst("");
    }
}
