package io.ringfence.internal.seam;

import org.jspecify.annotations.Nullable;

/** Remembers where things were made, if the process was started with {@code -Dringfence.tracking=true}. */
public final class Tracking {

    /** Name of the system property; read once. */
    public static final String PROPERTY = "ringfence.tracking";

    private static final boolean ON = Boolean.getBoolean(PROPERTY);
    private static final String OURS = "io.ringfence.";

    private Tracking() {
    }

    /**
     * Who called into this library.
     *
     * @return the innermost frame of other code, or of a test of ours; null if tracking is off
     */
    public static @Nullable StackTraceElement caller() {
        if (!ON) {
            return null;
        }
        return StackWalker.getInstance().walk(frames -> frames.filter(Tracking::isForeign).findFirst()
                .map(StackWalker.StackFrame::toStackTraceElement).orElse(null));
    }

    private static boolean isForeign(StackWalker.StackFrame frame) {
        return !frame.getClassName().startsWith(OURS) || frame.getClassName().endsWith("Test");
    }
}
