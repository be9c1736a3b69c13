package io.ringfence.queue;

import io.ringfence.driver.Completions;

/** A driver whose methods throw what the test puts into its fields. */
final class ThrowingDriver extends ManualDriver {
    volatile Throwable inRun;
    volatile Throwable inCancel;
    volatile Throwable inPoll;
    volatile Throwable inArm;
    volatile Throwable inDoorbell;
    volatile Throwable inClose;

    /** Throws checked exceptions too, as drivers in other languages of the JVM may. */
    private static void raise(Throwable thrown) {
        if (thrown != null) {
            Raise.<RuntimeException>unchecked(thrown);
        }
    }

    private static final class Raise {
        @SuppressWarnings({"unchecked", "DoNotCallSuggester"}) // nothing is cast at run time
        static <T extends Throwable> void unchecked(Throwable thrown) throws T {
            throw (T) thrown;
        }
    }

    @Override
    void started(long seqno, Object payload) throws Exception {
        raise(inRun);
        super.started(seqno, payload);
    }

    @Override
    void cancelled(long seqno, Object payload) {
        super.cancelled(seqno, payload);
        raise(inCancel);
    }

    @Override
    void report(Completions completions) {
        raise(inPoll);
        super.report(completions);
    }

    @Override
    void arming(long seqno) {
        raise(inArm);
        super.arming(seqno);
    }

    @Override
    public void doorbell() {
        super.doorbell();
        raise(inDoorbell);
    }

    @Override
    public void close() {
        super.close();
        raise(inClose);
    }
}
