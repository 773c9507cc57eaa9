package io.visitorcounter.core;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The visit was sent and the store's reply did not arrive in time: 0 or 1 was added (for a range, none or all). A
 *  change of the value may or may not have been made. */
public final class MaybeCountedException extends CounterException {

    private static final long serialVersionUID = 1;

    /** The text of the visit's id, or null. */
    private final @Nullable String visitId;

    /** Says why.
     *
     *  @param message {@code counter "name": maybe counted: why; what to do}
     *  @param visitId the id that the visit was sent with, or null
     *  @param cause what the store said, or null */
    public MaybeCountedException(String message, @Nullable VisitId visitId, @Nullable Throwable cause) {
        super(message, cause, true);
        this.visitId = visitId == null ? null : visitId.text();
    }

    /** {@return the id of the visit or change, if the caller gave one. Repeating the call with it settles whether it
     *  was counted} */
    public Optional<VisitId> visitId() {
        return Optional.ofNullable(visitId).map(VisitId::new);
    }
}
