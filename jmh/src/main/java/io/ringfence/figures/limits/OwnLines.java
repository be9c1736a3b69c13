package io.ringfence.figures.limits;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;

/** Cache lines that belong to one of many each. Those of one lie in a page, each one's elsewhere in it; none is found through another. */
final class OwnLines {

    /** The most that one can have. */
    static final int MOST = 64;

    private static final VarHandle WORD = ValueLayout.JAVA_LONG.varHandle();
    private static final long LINE = 64;
    private static final long PAGE = 4096;
    private static final int SPREAD = 7;

    private final MemorySegment pages;
    private final int lines;

    /** Of so many owners, so many lines each. */
    OwnLines(int owners, int lines) {
        if (lines < 0 || lines > MOST) {
            throw new IllegalArgumentException("lines " + lines + ": must be 0 to " + MOST);
        }
        this.lines = lines;
        pages = Arena.ofAuto().allocate(owners * PAGE, PAGE);
    }

    /** Reads and writes all of one. */
    void touch(int owner) {
        for (int i = 0; i < lines; i++) {
            long at = owner * PAGE + (i * SPREAD + owner & MOST - 1) * LINE;
            WORD.set(pages, at, (long) WORD.get(pages, at) + 1);
        }
    }

    /** One locked instruction on a line of one. */
    void lock(int owner) {
        WORD.getAndAdd(pages, owner * PAGE, 1L);
    }
}
