package io.ringfence.sim.device;

import java.util.Locale;

/**
 * Something wrong that the host has noticed of its device.
 *
 * @param kind  what it looks like from the host
 * @param ring  the ring, or -1 if it is none in particular
 * @param seqno the job, or 0 if it is none in particular
 * @param text  what was seen, in words
 */
public record Finding(Kind kind, int ring, long seqno, String text) {

    /** What a fault looks like from the host. */
    public enum Kind {
        /** A command that has begun does not end. The host cannot tell a hang from a loop without end. */
        HANG(true),
        /** A command took long, but ended. */
        SLOW_COMMAND(false),
        /** The firmware refused a command: unknown opcode, wrong address or operand. */
        BAD_COMMAND(false),
        /** An event came after later ones. */
        LATE_EVENT(false),
        /** An event never came. */
        LOST_EVENT(false),
        /** An event came twice. */
        DOUBLED_EVENT(false),
        /** An event told of a completion before the completion word did. */
        LATE_COMPLETION(false),
        /** A command was stamped and is not begun, though its ring is on the device with nothing in progress. */
        UNSEEN_STAMP(true),
        /** A request was not answered in time. */
        LOST_REPLY(true),
        /** The firmware did not register a ring. */
        REFUSED_RING(true),
        /** A reset was tried and did not work. */
        FAILED_RESET(true),
        /** The firmware's heartbeat stands still. The host cannot tell a stall from death until it goes on. */
        STALLED_FIRMWARE(true);

        private final boolean fatal;

        Kind(boolean fatal) {
            this.fatal = fatal;
        }

        /**
         * What it is called in reports.
         *
         * @return the name in lower case, with hyphens
         */
        public String text() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }

        /**
         * Whether jobs cannot finish without something being done about it.
         *
         * @return false if the queue copes with it
         */
        public boolean isFatal() {
            return fatal;
        }
    }
}
