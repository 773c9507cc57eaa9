package io.visitorcounter.core.redis;

import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.RedisCommandTimeoutException;
import io.lettuce.core.RedisConnectionException;
import io.lettuce.core.RedisException;
import io.lettuce.core.cluster.PartitionException;
import io.visitorcounter.core.spi.Outcome;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.regex.Pattern;

/** What a failure of Lettuce or an error of the server means for a write. */
final class ServerErrors {

    /** The rights that counting needs, as {@code ACL SETUSER} takes them. */
    static final String RIGHTS =
            "+eval +evalsha +get +set +incrby +hset +hmget +hincrby +hdel +hlen +hkeys +time +pttl +ping +info";

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
     *  the command, or visit.lua failed before its first write or took back what it wrote. */
    private static final List<String> REFUSED = List.of(
            "NOTCOUNTED ",
            "user_script",
            "NOPERM",
            "NOAUTH",
            "WRONGPASS",
            "WRONGTYPE",
            "DENIED",
            "CROSSSLOT",
            "unknown command",
            "Error compiling script");

    private static final String MAYBE_COUNTED = "MAYBECOUNTED ";
    private static final Pattern OWN_WORD = Pattern.compile("^(?:NOT|MAYBE)COUNTED (?:ERR )?");
    // Since Redis 7.0 behind the error, before 7.0 around it.
    private static final Pattern WHERE_IN_SCRIPT = Pattern.compile(
            " script: [0-9a-f]{40}, on @user_script:\\d+\\.?"
                    + "|^ERR Error running script \\(call to f_[0-9a-f]{40}\\): @user_script:\\d+: (?:@user_script: \\d+: )?-?");

    private ServerErrors() {}

    /** {@return what becomes of the visits}
     *
     *  @param where the address, for the message */
    static Outcome outcome(Throwable thrown, RedisAddress where) {
        Throwable failure = cause(thrown);
        String said = where + ": " + oneLine(failure);
        if (failure instanceof RedisCommandExecutionException error) {
            return ofError(error, where);
        }
        // Lettuce says these only about commands that did not leave, or not whole (DefaultEndpoint.validateWrite and
        // RetryListener): a server runs no half command.
        if (failure instanceof RedisConnectionException
                || failure instanceof PartitionException
                || (failure instanceof RedisException
                        && String.valueOf(failure.getMessage()).startsWith("Currently not connected"))) {
            return new Outcome.NotWritten(where + ": not connected", failure, true);
        }
        return new Outcome.MaybeWritten(said, failure, true);
    }

    private static Outcome ofError(RedisCommandExecutionException error, RedisAddress where) {
        String text = String.valueOf(error.getMessage());
        if (text.startsWith(MAYBE_COUNTED)) {
            return new Outcome.MaybeWritten(where + ": " + permanent(error), error, false);
        }
        if (passes(error)) {
            return new Outcome.NotWritten(where + ": " + oneLine(error), error, true);
        }
        if (REFUSED.stream().anyMatch(text::contains)) {
            return new Outcome.NotWritten(where + ": " + permanent(error), error, false);
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

    private static boolean isError(Throwable thrown, String word) {
        Throwable failure = cause(thrown);
        return failure instanceof RedisCommandExecutionException
                && String.valueOf(failure.getMessage()).contains(word);
    }

    /** {@return whether the reply did not come in time} */
    static boolean isTimeout(Throwable thrown) {
        return cause(thrown) instanceof RedisCommandTimeoutException;
    }

    /** {@return whether the user lacks the right to a command} */
    static boolean isCommandDenied(Throwable thrown) {
        return cause(thrown) instanceof RedisCommandExecutionException error
                && isCommandDenied(String.valueOf(error.getMessage()));
    }

    private static boolean isCommandDenied(String text) {
        return text.contains("can't run this command")
                || text.contains("no permissions to run") // Valkey
                || (text.contains("NOPERM") && text.contains(" run "))
                || (text.contains("NOPERM") && text.contains("can't run"));
    }

    private static boolean isKeyDenied(String text) {
        return text.contains("can't access at least one of the keys")
                || text.contains("no permissions to access") // Valkey
                || (text.contains("NOPERM") && text.contains("access"));
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
        if (isCommandDenied(text) && text.contains("'scan'")) {
            return "the user may not list keys (" + oneLine(error) + "); ACL SETUSER it +scan";
        }
        if (isCommandDenied(text)) {
            return "the user may not run a command that counting needs (" + oneLine(error) + "); ACL SETUSER it "
                    + RIGHTS;
        }
        if (isKeyDenied(text)) {
            return "the user may not use a key of the counter (" + oneLine(error)
                    + "); ACL SETUSER it ~KEY ~{KEY}:*, where KEY is the counter's prefix and name";
        }
        if (text.contains("NOAUTH") || text.contains("WRONGPASS") || text.contains("invalid password")) {
            return ConnectFailure.refused(text);
        }
        return oneLine(error);
    }

    static String oneLine(Throwable failure) {
        Throwable at = cause(failure);
        while (at instanceof RedisConnectionException && at.getCause() != null) {
            at = at.getCause();
        }
        String text = at.getMessage() == null ? at.getClass().getSimpleName() : at.getMessage();
        String line = text.lines().findFirst().orElse("").strip();
        return WHERE_IN_SCRIPT.matcher(OWN_WORD.matcher(line).replaceFirst("")).replaceFirst("");
    }
}
