package io.ringfence.sim.firmware;

/**
 * Remembers which of a ring's last commands have failed, for others that wait for them on the device. What is older than a whole
 * ring is forgotten: the host has seen its outcome then, and asks for it before it reports a job that named it.
 */
final class Outcomes {

    private final int count;
    private long[] failed = {};

    Outcomes(int slots) {
        count = slots;
    }

    void failed(long seqno) {
        if (failed.length == 0) {
            failed = new long[count];
        }
        failed[(int) seqno & count - 1] = seqno;
    }

    /** Later ones are executed again. */
    void forgetAfter(long seqno) {
        for (int i = 0; i < failed.length; i++) {
            failed[i] = failed[i] > seqno ? 0 : failed[i];
        }
    }

    boolean hasFailed(long seqno) {
        return failed.length != 0 && failed[(int) seqno & count - 1] == seqno;
    }
}
