package io.ringfence.fence;

import org.jspecify.annotations.Nullable;

/** Why a fence failed. Immutable; held by as many fences as failed for the same reason. */
public sealed interface Failure {

    /**
     * What happened, in one line.
     *
     * @return a message for people
     */
    String message();

    /**
     * The job was not run because its queue was told to stop.
     *
     * @param reason who stopped what
     */
    record Cancelled(String reason) implements Failure {
        @Override
        public String message() {
            return "cancelled: " + reason;
        }
    }

    /**
     * The job was not run because its queue, or the client that the queue belongs to, was banned.
     *
     * @param reason why it was banned
     */
    record Banned(String reason) implements Failure {
        @Override
        public String message() {
            return "banned: " + reason;
        }
    }

    /**
     * The job made no progress on the device for longer than it may, or the device reported that it broke something: it is the
     * guilty one, for whose sake the device was reset.
     *
     * @param reason what was seen
     */
    record TimedOut(String reason) implements Failure {
        @Override
        public String message() {
            return "timed out: " + reason;
        }
    }

    /**
     * The job did nothing wrong. The device had begun it when it was reset for the sake of another one, and it must not be executed
     * twice. It may have had some of its effects.
     *
     * @param reason for whose sake
     */
    record InnocentVictim(String reason) implements Failure {
        @Override
        public String message() {
            return "innocent victim of a reset: " + reason;
        }
    }

    /**
     * The driver or the device reported an error for this job, or whoever signals this fence did.
     *
     * @param thrown what was reported
     */
    record DriverError(Throwable thrown) implements Failure {
        @Override
        public String message() {
            return thrown.toString();
        }
    }

    /**
     * A fence that the job depended on failed.
     *
     * @param fence the fence that the job named
     * @param root  why that fence failed, or, if it only passed a failure on, why the first one did
     */
    record DependencyFailed(String fence, Failure root) implements Failure {
        @Override
        public String message() {
            return "depends on " + fence + ", which failed: " + root.message();
        }
    }

    /**
     * The device is gone. Memory that the job writes may still be written.
     *
     * @param reason how the device was lost
     */
    record DeviceLost(String reason) implements Failure {
        @Override
        public String message() {
            return "device lost, memory may still be written: " + reason;
        }
    }

    /**
     * Whoever should have signalled the fence gave it up.
     *
     * @param name      the name of the fence
     * @param collected whether its issuer was forgotten, rather than closed
     * @param madeAt    where the issuer was made, if the process was started with {@code -Dringfence.tracking=true}
     */
    record Abandoned(String name, boolean collected, @Nullable StackTraceElement madeAt) implements Failure {
        @Override
        public String message() {
            return "fence " + name + " was never signalled: its issuer was " + (collected ? "collected" : "closed")
                    + (madeAt == null ? "; -Dringfence.tracking=true tells where it was made" : "; made at " + madeAt);
        }
    }

    /**
     * The failure that started it all.
     *
     * @return this failure, or the root of a failed dependency
     */
    default Failure root() {
        return this instanceof DependencyFailed(String _, Failure root) ? root : this;
    }
}
