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

/** What a failure of Lettuce or an error of the server means for a write. */
final class ServerErrors {

    /** The rights that counting needs, as {@code ACL SETUSER} takes them. */
    static final String RIGHTS =
            "+eval +evalsha +get +set +incrby +hset +hmget +hincrby +hdel +hlen +hkeys +time +pttl +ping +info";

    /** The rights that noting visitors needs besides. */
    static final String VISITOR_RIGHTS = "+pfadd +pfcount +pexpire";

    private static final String NOT_COUNTED = "NOTCOUNTED ";
    private static final String MAYBE_COUNTED = "MAYBECOUNTED ";

    /** Errors that pass, and that the server replies before it changes anything. In a script of Redis 6.2 they stand in
     *  the middle of the message. */
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

    /** Errors that stay until somebody does something, and that the server replies before it changes anything: it refused
     *  the command, or the script failed before its first write or took back what it wrote. */
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
    // Since Redis 7.0 behind the error; before 7.0 around it, and before it where the script passes it on.
    private static final Pattern WHERE_IN_SCRIPT = Pattern.compile(" script: [0-9a-f]{40}, on @user_script:\\d+\\.?"
            + "|^ERR Error running script \\(call to f_[0-9a-f]{40}\\): @user_script:\\d+: (?:@user_script: \\d+: )?-?"
            + "|^@user_script: \\d+: -?");

    // What Lettuce says to the commands of a connection that ended.
    private static final Pattern CUT =
            Pattern.compile("^(?:Connection (?:is )?(?:closed|disconnected)|Currently not connected)");

    private static final Pattern VISITOR_COMMAND = Pattern.compile("\\b(pfadd|pfcount|pexpire)\\b");

    private ServerErrors() {}

    /** {@return what becomes of the visits}
     *
     *  @param where the address, for the message
     *  @param right that is missing, as {@link VisitCheck#missingRight} says; empty if none is known */
    static Outcome outcome(Throwable thrown, RedisAddress where, String right) {
        Throwable failure = cause(thrown);
        if (failure instanceof RedisCommandExecutionException error) {
            return ofError(error, where, right);
        }
        // Lettuce says these only about commands that did not leave, or not whole (DefaultEndpoint.validateWrite and
        // RetryListener): a server runs no half command.
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
        // Who replied this, and when, is not known: a proxy says such things after it sent the command on.
        return new Outcome.MaybeWritten(where + ": " + oneLine(error), error, true);
    }

    /** {@return whether the failure may pass by itself} */
    static boolean passes(Throwable thrown) {
        Throwable failure = cause(thrown);
        return !(failure instanceof RedisCommandExecutionException)
                || PASSING.stream().anyMatch(String.valueOf(failure.getMessage())::contains);
    }

    /** {@return whether the server has become a replica} */
    static boolean isReadOnly(Throwable thrown) {
        return isError(thrown, "READONLY ");
    }

    /** {@return whether the connection has no user any more} */
    static boolean isUnauthenticated(Throwable thrown) {
        return isError(thrown, "NOAUTH ");
    }

    /** {@return whether a script says that it counted nothing} */
    static boolean isNotCounted(Throwable thrown) {
        return isError(thrown, NOT_COUNTED);
    }

    private static boolean isError(Throwable thrown, String word) {
        Throwable failure = cause(thrown);
        return failure instanceof RedisCommandExecutionException
                && String.valueOf(failure.getMessage()).contains(word);
    }

    /** {@return whether the reply did not come in time} */
    static boolean isTimeout(Throwable thrown) {
        return cause(thrown) instanceof RedisCommandTimeoutException;
    }

    /** {@return whether the server refused the command because the user has no right to it or to its keys} */
    static boolean isDenied(Throwable thrown) {
        return cause(thrown) instanceof RedisCommandExecutionException error
                && String.valueOf(error.getMessage()).startsWith("NOPERM");
    }

    /** {@return whether one of the scripts says this} */
    static boolean isOfScript(Throwable thrown) {
        return cause(thrown) instanceof RedisCommandExecutionException error
                && OF_SCRIPT.stream().anyMatch(String.valueOf(error.getMessage())::contains);
    }

    /** {@return whether a missing right may be behind it, which the server has to be asked for} */
    static boolean mayBeOfRights(Throwable thrown) {
        return (isDenied(thrown) || isOfScript(thrown)) && !passes(thrown) && !isError(thrown, "WRONGTYPE ");
    }

    static Throwable cause(Throwable thrown) {
        Throwable at = thrown;
        while ((at instanceof CompletionException || at instanceof ExecutionException) && at.getCause() != null) {
            at = at.getCause();
        }
        return at;
    }

    /** {@return what an error that does not pass means, in words that name the next step} */
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

    /** {@return a failure in the words that the connection itself has for it: one that was cut is one reason, whether a
     *  command, a check or the connection meets it, and in whatever words the network says so} */
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
