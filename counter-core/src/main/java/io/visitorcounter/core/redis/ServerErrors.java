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

/** What a failure of Lettuce or an error of the server means for a write. */
final class ServerErrors {

    /** Errors that pass: the server says them before it runs a command, so nothing was written. In a script of Redis 6.2
     *  they stand in the middle of the message. */
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

    private ServerErrors() {}

    /** {@return what becomes of the visits}
     *
     *  @param where the address, for the message */
    static Outcome outcome(Throwable thrown, RedisAddress where) {
        Throwable failure = cause(thrown);
        String said = where + ": " + oneLine(failure);
        if (failure instanceof RedisCommandExecutionException error) {
            boolean passes = passes(error);
            return new Outcome.NotWritten(passes ? said : where + ": " + permanent(error), error, passes);
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

    /** {@return whether trying again may help a reader} */
    static boolean passes(Throwable thrown) {
        Throwable failure = cause(thrown);
        return !(failure instanceof RedisCommandExecutionException)
                || PASSING.stream().anyMatch(String.valueOf(failure.getMessage())::contains);
    }

    /** {@return whether the server has become a replica} */
    static boolean isReadOnly(Throwable thrown) {
        Throwable failure = cause(thrown);
        return failure instanceof RedisCommandExecutionException
                && String.valueOf(failure.getMessage()).contains("READONLY ");
    }

    /** {@return whether the answer did not come in time} */
    static boolean isTimeout(Throwable thrown) {
        return cause(thrown) instanceof RedisCommandTimeoutException;
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
        if (text.contains("NOAUTH") || text.contains("WRONGPASS") || text.contains("invalid password")) {
            return "user or password refused";
        }
        if (text.contains("NOPERM")) {
            return "the user may not do this: " + oneLine(error) + "; grant it with ACL SETUSER";
        }
        return oneLine(error);
    }

    static String oneLine(Throwable failure) {
        Throwable at = cause(failure);
        while (at instanceof RedisConnectionException && at.getCause() != null) {
            at = at.getCause();
        }
        String text = at.getMessage() == null ? at.getClass().getSimpleName() : at.getMessage();
        return text.lines().findFirst().orElse("").strip();
    }
}
