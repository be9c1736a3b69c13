package io.ringfence.sim.faults;

import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;

/** What can go wrong in the firmware. */
public enum FaultKind {
    /** A command starts and never ends, nor comes to a point where it could be preempted. */
    HANG("hang", "a command starts and never ends, and cannot be preempted"),
    /** A command goes on for ever, but can be preempted. */
    ENDLESS_LOOP("endless-loop", "a command goes on for ever, but can be preempted"),
    /** A command's address is damaged. */
    BAD_ADDRESS("bad-address", "a command's address is damaged: it lies outside the arena"),
    /** A command's opcode is damaged. */
    BAD_OPCODE("bad-opcode", "a command's opcode is damaged"),
    /** An event is raised later; needs a duration. */
    LATE_EVENT("late-event", "an event is raised later", FaultKey.BY),
    /** An event is never raised. */
    LOST_EVENT("lost-event", "an event is never raised"),
    /** An event is raised twice. */
    DOUBLED_EVENT("doubled-event", "an event is raised twice"),
    /** The completion word is written later than the event is raised; needs a duration. */
    LATE_COMPLETION("late-completion", "the completion word is written later than the event is raised", FaultKey.BY),
    /** The firmware does not see a slot's stamp, for a duration or else until the doorbell rings again. */
    UNSEEN_STAMP("unseen-stamp", "the firmware does not see a slot's stamp", FaultKey.BY),
    /** The answer to a request never comes; of one kind of request or of any. */
    LOST_REPLY("lost-reply", "the answer to a request never comes", FaultKey.REQUEST),
    /** A reset is answered with failure. */
    FAILING_RESET("failing-reset", "a reset is answered with failure"),
    /** The whole firmware does nothing; needs a duration. */
    STALLED_HEARTBEAT("stalled-heartbeat", "the whole firmware does nothing for some time", FaultKey.BY),
    /** A command takes longer; needs a duration. */
    SLOW("slow", "a command takes longer", FaultKey.BY),
    /** The firmware stops for ever, before a command has effects or between them and its completion word. */
    DEATH("death", "the firmware stops for ever", FaultKey.WHEN);

    private final String text;
    private final String description;
    /** The key that only some kinds have; none has two. */
    private final @Nullable FaultKey own;

    FaultKind(String text, String description) {
        this(text, description, null);
    }

    FaultKind(String text, String description, @Nullable FaultKey own) {
        this.text = text;
        this.description = description;
        this.own = own;
    }

    /**
     * What the kind is called in plans.
     *
     * @return the name, in lower case with hyphens
     */
    public String text() {
        return text;
    }

    /**
     * What goes wrong.
     *
     * @return a line for messages
     */
    public String description() {
        return description;
    }

    /**
     * The keys that this kind allows besides those that say when it strikes.
     *
     * @return their names
     */
    public Set<String> ownKeys() {
        return own == null ? Set.of() : Set.of(own.text());
    }

    /**
     * Whether a fault of this kind has to say how long.
     *
     * @return whether {@code by} is required
     */
    public boolean needsDuration() {
        return this != UNSEEN_STAMP && own == FaultKey.BY;
    }

    /** The kind with that name, or null if there is none. */
    static @Nullable FaultKind named(String text) {
        for (FaultKind kind : values()) {
            if (kind.text.equals(text)) {
                return kind;
            }
        }
        return null;
    }

    /** Every kind's name, for messages. */
    static String names() {
        return Arrays.stream(values()).map(FaultKind::text).collect(Collectors.joining(", "));
    }

    /** What happens to a request or a reset does so without a command, hence without a seqno. */
    boolean allows(FaultKey key) {
        if (key == FaultKey.SEQNO) {
            return this != LOST_REPLY && this != FAILING_RESET;
        }
        return FaultKey.TRIGGERS.contains(key) || own == key;
    }

    /** What is thrown for a key that this kind has no use for. */
    IllegalArgumentException refusal(FaultKey key) {
        return new IllegalArgumentException(text + ": key '" + key.text() + "' is not allowed: allowed are " + keys());
    }

    /** Every key that is allowed, for messages. */
    String keys() {
        return Arrays.stream(FaultKey.values()).filter(this::allows).map(FaultKey::text)
                .collect(Collectors.joining(", "));
    }
}
