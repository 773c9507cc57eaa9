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

/** Why a command could not do what was asked. The message is one line that the user reads: where, what was expected
 *  and what was got, and often the next step; never a secret. Anything else that is thrown is a bug of this tool. */
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
     *  @param failure whose own message is often only the path again */
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
        // Those of java.io end with the reason of the system, in brackets.
        if (failure instanceof FileNotFoundException && message != null && message.endsWith("(Permission denied)")) {
            return "permission denied";
        }
        return message == null || message.isBlank()
                ? "it failed (" + failure.getClass().getSimpleName() + ")"
                : PrintableText.oneLine(message.strip());
    }

    /** The command was called with arguments that do not go together. */
    public static final class Usage extends ReleaseException {

        public Usage(String message) {
            super(message, null);
        }
    }

    /** Several faults of one input: a config that breaks its contract, or a record that does not verify. */
    private abstract static sealed class Faulty extends ReleaseException {

        // A list that serialises is not promised by List.of's type, so the field is an array.
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

    /** A record, an image or a blob is not what it was recorded to be. */
    public static final class VerificationFailed extends Faulty {

        public VerificationFailed(List<String> faults) {
            super(faults);
        }

        /** Says why, where there is one reason.
         *
         *  @param fault one line */
        public VerificationFailed(String fault) {
            this(List.of(fault));
        }
    }

    /** Others kept writing first, until the tries ran out. Nothing was written. */
    public static final class Contention extends ReleaseException {

        public Contention(String message) {
            super(message, null);
        }
    }

    /** A registry, a git repository, a file system or a credential did not do its part. */
    public static final class Unreachable extends ReleaseException {

        /** Says why.
         *
         *  @param message one line
         *  @param cause what the world said, or null */
        public Unreachable(String message, @Nullable Throwable cause) {
            super(message, cause);
        }

        /** Says why, where it is this tool that noticed.
         *
         *  @param message one line */
        public Unreachable(String message) {
            this(message, null);
        }
    }

    /** A policy forbids it: frozen, a gate, not promotable, not confirmed. */
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
