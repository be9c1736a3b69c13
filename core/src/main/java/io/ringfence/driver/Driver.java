package io.ringfence.driver;

import org.jspecify.annotations.Nullable;

/**
 * One ring of a device, as one queue drives it. The package description has the table of who calls what from where.
 *
 * <p>A queue calls {@link #open} once, then {@link #run} or {@link #cancel} exactly once for each published job in the
 * order of seqnos (and again for those given up by a reset), {@link #poll} whenever somebody wants to know, and {@link #close} once when all jobs are finished.
 * What any of them throws never reaches a submitter: it fails the job, or, thrown by {@code poll} or {@code arm}, the
 * queue.
 *
 * @param <P> the payload of a job; the queue's until its fence is signalled, lent to the driver between {@code run} and
 *            the report of its completion
 */
public interface Driver<P> {

    /**
     * The driver is about to be used by a queue.
     *
     * @param link how the driver reaches the queue
     */
    void open(DriverLink link);

    /**
     * The largest number of jobs that may be on the device at a time.
     *
     * @return a positive number; a queue with a higher credit limit is refused
     */
    int maxInFlight();

    /**
     * Whether {@link #run} may block. Then it is called on threads of the runtime only, never on a submitter's.
     *
     * @return false unless overridden
     */
    default boolean mayBlock() {
        return false;
    }

    /**
     * Whether the device executes the jobs of this ring one after the other, or as if it did. Then a job that names an
     * earlier one of its own queue is handed over without waiting for it. A device that only keeps no order among jobs
     * which do not depend on each other, such as io_uring, answers false.
     *
     * @return true unless overridden
     */
    default boolean executesInOrder() {
        return true;
    }

    /**
     * Hands a job to the device. Its dependencies are done and ok, and there are credits for it.
     *
     * @param seqno   the job's seqno; ascending, with gaps where jobs did not run, until the ring is {@linkplain #restart restarted}
     * @param payload the job
     * @throws Exception if the job cannot be run: it fails with this as the cause, and the driver promises that the device
     *                   never touches it
     */
    void run(long seqno, P payload) throws Exception;

    /**
     * For how many jobs of other rings the device can make one job wait by itself. The host then hands a job over as soon as what
     * it depends on was handed over, and need not be asked in between.
     *
     * <p>Such a device can give a job up that waits ({@link #abort}), passes a failure on, so that the waiting job is reported as
     * failed and not executed, and passes on as failed what can never come because its ring was reset, or given up as
     * {@linkplain #lost lost}. The queue reports a job as ok only when everything it named is signalled ok, whatever the device says.
     *
     * @return 0 if it cannot, unless overridden
     */
    default int maxWaits() {
        return 0;
    }

    /**
     * Whether the device can make a job of this ring wait for one of another: they are of one device, and not of one ring, which
     * would wait for itself. Any thread, also inside of other calls; always the same answer; never waits.
     *
     * @param producer the driver of the other queue
     * @return false unless overridden
     */
    default boolean canWaitFor(Driver<?> producer) {
        return false;
    }

    /**
     * As {@link #run}, for a job whose dependencies are done but for those that the device is to wait for.
     *
     * @param seqno   the job's seqno
     * @param payload the job
     * @param waits   what it has to wait for, at least one
     * @throws Exception as in {@code run}
     */
    default void runAfter(long seqno, P payload, DeviceWaits waits) throws Exception {
        throw new UnsupportedOperationException(this + " cannot make a job wait for another");
    }

    /**
     * A published job will not be run: it was cancelled, or a fence it depends on failed.
     *
     * @param seqno   the job's seqno
     * @param payload the job
     */
    default void cancel(long seqno, P payload) {
    }

    /**
     * There is no job at a seqno: a batch that had claimed it was given up. Called as {@link #cancel} is.
     *
     * @param seqno the seqno
     * @hidden
     */
    default void skip(long seqno) {
    }

    /**
     * Somebody wants a job that is on the device to end: it was cancelled, or its queue was killed. A device that can gives it up;
     * either way the job's end is reported as always, failed with a cause if it was given up. A job may be asked for more than
     * once. Called as {@link #poll} is.
     *
     * @param seqno   the job's seqno
     * @param payload the job
     */
    default void abort(long seqno, P payload) {
    }

    /**
     * Wakes the device if it sleeps. Called once after one or more jobs were run, with a full fence in between: a
     * device that announces its sleep by a volatile store and then looks at its ring once more is never left asleep
     * with work.
     */
    default void doorbell() {
    }

    /**
     * Somebody would like a job to be finished by a certain moment; earlier jobs with it. Advisory. Any thread, beside all
     * other calls, also for a job that has not been run and after {@code close}.
     *
     * @param seqno    the job's seqno
     * @param nanoTime the moment, on the scale of {@link System#nanoTime()}
     */
    default void hintDeadline(long seqno, long nanoTime) {
    }

    /**
     * Reports what the device has completed since the last poll. Unless overridden it compares: it reports everything up to
     * {@link #completedSeqno()}.
     *
     * @param completions where to report it
     */
    default void poll(Completions completions) {
        long done = completedSeqno();
        if (done != 0) {
            completions.completedThrough(done);
        }
    }

    /**
     * For devices that store the last completed seqno in memory: reads it, volatile, for it is also the look that follows {@link #arm}.
     * Not called if {@link #poll} is overridden.
     *
     * @return the seqno, 0 if none is complete; also by a device that {@linkplain DriverLink#completedThrough tells} by itself
     */
    default long completedSeqno() {
        return 0;
    }

    /**
     * The queue has given the device up: the device {@linkplain Completions#deviceLost said} that it is lost, it could not be reset,
     * or the driver broke. What was on it is reported as lost, and nothing will be run, polled, armed or aborted any more. A device
     * on which jobs of other rings wait for those of this one ({@link #runAfter}) lets them go now, as failed: until they have ended,
     * jobs of this queue that wait for them in turn keep it from ending, and its driver from being {@linkplain #close closed}. Called
     * once at most, as {@link #poll} is; must not wait.
     */
    default void lost() {
    }

    /**
     * Asks for {@link DriverLink#interrupt()} once the device has completed a seqno. Each call replaces the former one.
     *
     * <p>The handshake: the driver makes the request visible to the device (volatile store) and returns; the queue then
     * polls once more. The device makes a completion visible (volatile store), then looks at the request. A device that
     * interrupts more often than asked is fine, one that knows that the queue has polled the completion meanwhile may leave the
     * interrupt out, and one that {@linkplain DriverLink#completedThrough tells} of every completion needs no request. The request is
     * the queue's word: a device compares it and never clears it, for that could wipe out a newer one.
     *
     * @param seqno a seqno that was or will be handed to {@link #run}
     */
    void arm(long seqno);

    // ---- hangs

    /**
     * What has to be reset together with this ring if one of its jobs hangs.
     *
     * @return null unless overridden: nothing can be reset, so the ring is lost with the first job that hangs; and unless its queue has
     *         been given a timeout, none is taken to hang. Always the same answer
     */
    default @Nullable FailureDomain failureDomain() {
        return null;
    }

    /**
     * Whether the device is at work on this ring: a hang is a matter of time spent on the device, and not of waiting for a turn there
     * or for jobs of other rings. If it cannot be known because the device does not answer any more, it is. Any thread, beside all
     * other calls; never waits.
     *
     * @return true unless overridden
     */
    default boolean isExecuting() {
        return true;
    }

    /**
     * A job that is on the device has made no progress for as long as it may, or the device {@linkplain DriverLink#fault told} that
     * something is wrong with it. Recovery's thread; no other call but those that may come at any time, and {@link #close()} of a ring
     * whose queue has ended, is made to any ring of the failure domain meanwhile. Must not wait.
     *
     * @param seqno    the job: the first that the device has not completed
     * @param payload  the job
     * @param executed nanoseconds of progress missed on the device, as far as it was watched
     * @return what to do; unless overridden, that the job is guilty
     */
    default Verdict timedOut(long seqno, P payload, long executed) {
        return new Verdict.Guilty(seqno);
    }

    /**
     * How often in a row {@link Verdict.NoHang} is believed of one job. After that it is guilty, so that no mistake of a driver
     * keeps a queue waiting for ever.
     *
     * @return 8 unless overridden; {@code Integer.MAX_VALUE} for a driver that knows it for certain
     */
    default int noHangLimit() {
        return 8;
    }

    /**
     * Whether the device has begun a job that it has not completed, so that the job may have had some of its effects. Recovery's
     * thread, after the domain was quiesced and this ring polled.
     *
     * @param seqno a job that was handed over
     * @return true unless overridden, which is never wrong, but makes a victim of each job on the device that cannot be repeated
     */
    default boolean hasStarted(long seqno) {
        return true;
    }

    /**
     * Whether a job may be executed again after it was begun and given up: executed twice, even partly the first time, it does the
     * same as once. The queue is asked instead if its
     * payload traits say so.
     *
     * @param payload the job
     * @return false unless overridden
     */
    default boolean isRepeatable(P payload) {
        return false;
    }

    /**
     * A job was found guilty; it fails. Called when the domain was quiesced and before it is reset, so before {@link #restart} and
     * before anything is handed over again. Recovery's thread, as {@link #timedOut}.
     *
     * @param seqno   the job
     * @param payload the job
     */
    default void blamed(long seqno, P payload) {
    }

    /**
     * The ring was reset and is empty: a new epoch begins. Jobs that were on the device may be handed over again, with the seqnos they
     * had; {@link #run}, {@link #cancel} and what is reported then belong to the new epoch, and what the device still tells of the
     * one before must not be reported as if it did. Recovery's thread, as {@link #timedOut}. May throw, which loses the domain.
     *
     * @param epoch counts the resets of this ring, from 1; before the first one it is 0
     * @param link  takes the place of the one before; a completion that is told to a former link is dropped
     */
    default void restart(int epoch, DriverLink link) {
    }

    /**
     * The queue is finished and will not call again, except for a {@link #doorbell()} that comes late. The failure domain may be
     * quiesced, resumed or reset meanwhile for the sake of its other rings.
     */
    void close();
}
