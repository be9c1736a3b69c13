package io.ringfence.figures.dependencies;

import io.ringfence.figures.devices.SpinningDevice;
import io.ringfence.fence.FailureCursor;
import io.ringfence.queue.JobQueue;
import io.ringfence.queue.SubmitCode;
import io.ringfence.sim.Command;

/** Jobs that alternate between two queues. */
abstract class Chain implements Links {

    private final JobQueue<Command> even;
    private final JobQueue<Command> odd;
    private final FailureCursor evenOutcomes;
    private final FailureCursor oddOutcomes;
    private final Command nop = Command.nop();
    private long links;
    private long last;

    Chain(JobQueue<Command> even, JobQueue<Command> odd) {
        this.even = even;
        this.odd = odd;
        evenOutcomes = even.timeline().failureCursor();
        oddOutcomes = odd.timeline().failureCursor();
    }

    /** Begins a chain that waits for nothing. */
    final void begin() {
        last = 0;
    }

    /** Submits another link, after the last one if there is one; returns its seqno. */
    final long submit() {
        boolean isOdd = (links++ & 1) != 0;
        JobQueue<Command> queue = isOdd ? odd : even;
        FailureCursor before = isOdd ? evenOutcomes : oddOutcomes;
        long seqno = last == 0 ? queue.trySubmit(nop) : queue.trySubmit(nop, before, last);
        if (seqno < 0) {
            throw new IllegalStateException(SubmitCode.describe(seqno));
        }
        last = seqno;
        return seqno;
    }

    /** Waits for the link so many before the next, spinning. */
    final void spin(long seqno, int before) {
        JobQueue<Command> queue = (links - before & 1) != 0 ? odd : even;
        SpinningDevice.spin(queue.timeline(), seqno);
    }

    @Override
    public void close() {
        if (!evenOutcomes.isOk(even.timeline().signaled()) || !oddOutcomes.isOk(odd.timeline().signaled())) {
            throw new IllegalStateException("a link failed: " + even.describe() + ", " + odd.describe());
        }
        even.close();
        odd.close();
    }
}
