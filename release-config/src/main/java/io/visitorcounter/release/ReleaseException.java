package io.visitorcounter.release;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Why a command could not do what was asked. The message is one line for the user: where, what was expected, what was
 *  found, and often the next step; never a secret. Any other exception is a bug in this tool. */
public abstract sealed class ReleaseException extends RuntimeException {

    private ReleaseException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }

    /** {@return every fault that was found, at least one; the message is the first} */
    public List<String> faults() {
        return List.of(String.valueOf(getMessage()));
    }

    /** {@return why a file or a connection failed, in words}
     *
     *  @param failure its own message is often only the path */
    public static String reason(IOException failure) {
        if (failure instanceof AccessDeniedException) {
            return "permission denied";
        }
        if (failure instanceof NoSuchFileException) {
            return "no such file or folder";
        }
        if (failure instanceof FileAlreadyExistsException || failure instanceof DirectoryNotEmptyException) {
            return "it is there already";
        }
        if (failure instanceof NotDirectoryException) {
            return "not a folder";
        }
        if (failure instanceof FileSystemException system && system.getReason() != null) {
            return PrintableText.oneLine(system.getReason());
        }
        String message = failure.getMessage();
        // Messages of java.io end with the system's reason, in brackets.
        if (failure instanceof FileNotFoundException && message != null && message.endsWith("(Permission denied)")) {
            return "permission denied";
        }
        return message == null || message.isBlank()
                ? "it failed (" + failure.getClass().getSimpleName() + ")"
                : PrintableText.oneLine(message.strip());
    }

    /** The command was called with arguments that are invalid together. */
    public static final class Usage extends ReleaseException {

        public Usage(String message) {
            super(message, null);
        }
    }

    /** Several faults of one input: a config that breaks its contract, or a record that does not verify. */
    private abstract static sealed class Faulty extends ReleaseException {

        // An array, since the type List does not promise to be serializable.
        private final String[] faults;

        private Faulty(List<String> faults) {
            super(faults.get(0), null);
            this.faults = faults.toArray(String[]::new);
        }

        @Override
        public List<String> faults() {
            return List.of(faults);
        }
    }

    /** A config is invalid, or holds a secret. */
    public static final class ConfigInvalid extends Faulty {

        public ConfigInvalid(List<String> faults) {
            super(faults);
        }
    }

    /** A record, an image or a blob differs from what was recorded. */
    public static final class VerificationFailed extends Faulty {

        public VerificationFailed(List<String> faults) {
            super(faults);
        }

        /** Takes a single fault.
         *
         *  @param fault one line */
        public VerificationFailed(String fault) {
            this(List.of(fault));
        }
    }

    /** Every attempt lost to another writer. Nothing was written. */
    public static final class Contention extends ReleaseException {

        public Contention(String message) {
            super(message, null);
        }
    }

    /** A registry, a git repository, a file system or a credential failed. */
    public static final class Unreachable extends ReleaseException {

        /** Takes the reason and its cause.
         *
         *  @param message one line
         *  @param cause the original failure, or null */
        public Unreachable(String message, @Nullable Throwable cause) {
            super(message, cause);
        }

        /** Takes the reason, when this tool itself noticed the failure.
         *
         *  @param message one line */
        public Unreachable(String message) {
            this(message, null);
        }
    }

    /** A policy forbids it: a freeze, a gate, a build that can't be promoted, or a missing confirmation. */
    public static final class Refused extends ReleaseException {

        public Refused(String message) {
            super(message, null);
        }
    }

    /** There is no such environment, release or image. */
    public static final class NotFound extends ReleaseException {

        public NotFound(String message) {
            super(message, null);
        }
    }

    /** What was started did not become healthy. */
    public static final class Unhealthy extends ReleaseException {

        public Unhealthy(String message) {
            super(message, null);
        }
    }
}
