package io.ringfence.sim.explore;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;

/** What is checked in a schedule, what was broken, and what people are told of it. */
final class Findings {

    private static final int MOST_CHARACTERS = 1500;

    private final @Nullable Trace trace;
    private final Supplier<@Nullable Task> current;
    private final List<Runnable> invariants = new ArrayList<>();
    /** Whether the world looks at itself: what that calls is no step. */
    private boolean looking;
    private @Nullable String violation;
    private @Nullable Supplier<String> describer;

    Findings(@Nullable Trace trace, Supplier<@Nullable Task> current) {
        this.trace = trace;
        this.current = current;
    }

    @Nullable
    Trace trace() {
        return trace;
    }

    boolean isLooking() {
        return looking;
    }

    /** Adds what has to hold at every step. */
    void invariant(Runnable check) {
        invariants.add(check);
    }

    /** A rule was broken. The first one counts. */
    void violate(String what) {
        if (violation == null) {
            violation = what;
            note("VIOLATION: " + what);
        }
    }

    void note(String what) {
        Task me = current.get();
        if (trace != null && me != null) {
            trace.note(me, what);
        }
    }

    /** Asks the objects under test without that being a step of anybody. */
    <T> T peek(Supplier<T> question) {
        boolean before = looking;
        looking = true;
        try {
            return question.get();
        } finally {
            looking = before;
        }
    }

    /** Says what is told of the objects under test if nothing happens any more. */
    void describedBy(Supplier<String> objects) {
        describer = objects;
    }

    String describeObjects() {
        Supplier<String> known = describer;
        return known == null ? "" : peek(() -> System.lineSeparator() + known.get());
    }

    @Nullable
    String violation() {
        return violation;
    }

    /** At each step. */
    void check() {
        looking = true;
        try {
            for (int i = 0; i < invariants.size(); i++) {
                invariants.get(i).run();
            }
        } catch (RuntimeException | Error thrown) {
            violate("a check threw " + describe(thrown));
        } finally {
            looking = false;
        }
    }

    static String describe(Throwable thrown) {
        StringBuilder text = new StringBuilder(String.valueOf(thrown));
        for (StackTraceElement frame : thrown.getStackTrace()) {
            if (frame.getClassName().startsWith("io.ringfence") && text.length() < MOST_CHARACTERS) {
                text.append(System.lineSeparator()).append("    at ").append(frame);
            }
        }
        return text.toString();
    }
}
