package io.ringfence.queue;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

import org.jspecify.annotations.Nullable;

/** Which job the driver has been given and by whom, so that a run that does not return can be told of. Written by the issue turn. */
final class RunWatch {

    private static final VarHandle GIVEN;

    static {
        try {
            GIVEN = MethodHandles.lookup().findVarHandle(RunWatch.class, "given", long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final QueueCore<?> core;
    /** The last job that was given to the driver; beyond what is issued while it is inside. */
    @SuppressWarnings("UnusedVariable") // read and written through GIVEN only
    private long given;
    /** Who gave it; a reference is stored only when it is another one. */
    private volatile @Nullable Thread giver;

    RunWatch(QueueCore<?> core) {
        this.core = core;
    }

    void given(long seqno) {
        Thread me = Thread.currentThread();
        if (giver != me) {
            giver = me;
        }
        GIVEN.setOpaque(this, seqno);
    }

    /** The driver has given all jobs back, though some are not issued any more; by a recovery while the issue turn stands. */
    void noneBeyond(long issued) {
        GIVEN.setOpaque(this, issued);
    }

    /** The job that the driver has been given and has not given back, 0 if there is none; by whoever looks now and then. */
    long runningOpaque() {
        long last = (long) GIVEN.getOpaque(this);
        return last > core.issue().issuedVolatile() ? last : 0;
    }

    /** Where a job is that the driver does not give back; for people. */
    String describe(long seqno, long nanos) {
        Thread thread = giver;
        StringBuilder text = new StringBuilder("queue ").append(core.timeline()).append(": run of seqno ").append(seqno)
                .append(" has not returned for ").append(HangClock.millis(nanos)).append(" ms");
        if (thread != null) {
            text.append(", on thread ").append(thread.getName()).append('#').append(thread.threadId());
            for (StackTraceElement frame : thread.getStackTrace()) {
                text.append(System.lineSeparator()).append("    at ").append(frame);
            }
        }
        return text.toString();
    }
}
