package io.ringfence.sim.perfetto;

import org.jspecify.annotations.Nullable;

/** One message of a trace while it is read. */
interface Message {

    /** Takes the place of messages that nobody asks for. */
    @Nullable
    Message SKIPPED = null;

    /**
     * A field that is a message begins.
     *
     * @param name the field's name
     * @return who takes it, or null to skip it
     */
    default @Nullable Message message(String name) {
        return SKIPPED;
    }

    /**
     * A field that is a number.
     *
     * @param name  the field's name
     * @param value the number; those of 64 bits without sign wrap round
     */
    default void number(String name, long value) {
    }

    /**
     * A field that is a text.
     *
     * @param name  the field's name
     * @param value the text
     */
    default void text(String name, String value) {
    }

    /** All fields of this message were told. */
    default void end() {
    }
}
