package io.ringfence.sim.faults;

import java.io.Serial;

/** Says, in one line that begins with the number of the plan's line, what is wrong with a plan. */
public final class FaultPlanException extends IllegalArgumentException {

    @Serial
    private static final long serialVersionUID = 1L;

    /** Where in the plan. */
    private final int line;

    /**
     * Creates the exception.
     *
     * @param line   the line of the plan, 1 or more
     * @param reason what is wrong with it; line breaks and other control characters are replaced by spaces
     */
    public FaultPlanException(int line, String reason) {
        super("line " + line + ": " + reason.replaceAll("\\p{Cntrl}+", " "));
        this.line = line;
    }

    /**
     * Where in the plan.
     *
     * @return the line, 1 or more
     */
    public int line() {
        return line;
    }
}
