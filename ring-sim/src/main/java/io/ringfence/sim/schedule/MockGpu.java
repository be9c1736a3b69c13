package io.ringfence.sim.schedule;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

import io.ringfence.driver.Driver;
import io.ringfence.driver.DriverLink;
import io.ringfence.driver.FailureDomain;
import io.ringfence.driver.Verdict;
import io.ringfence.internal.seam.Loop;
import io.ringfence.internal.seam.Seam;

import org.jspecify.annotations.Nullable;

/**
 * The device of the kernel's scheduler tests ({@code mock_scheduler}): executes jobs one after the other, each for the time that it
 * takes, on whatever clock there is. It tells of what it has completed by itself.
 */
public final class MockGpu implements Driver<MockJob>, Loop.Task {

    private final Loop loop = new Loop("ringfence-mock-gpu", Loop.Role.NO_TURNS, this);
    private final Deque<MockJob> list = new ArrayDeque<>();
    private final Deque<MockJob> order = new ArrayDeque<>();
    private final int remembers;
    private final List<Long> wanted = new ArrayList<>();
    private final Map<Long, Long> moments = new HashMap<>();
    private final @Nullable MockDomain domain;
    private @Nullable DriverLink link;
    private boolean closed;
    private boolean stopped;
    private int verdicts;
    private boolean noHang;

    /** Makes a device that nothing can reset. */
    public MockGpu() {
        this(null);
    }

    /**
     * Makes a device that nothing can reset, for as long as one likes.
     *
     * @param remembers how many of the last jobs it keeps for {@link #order()}; 1 or more
     * @return the device
     */
    public static MockGpu remembering(int remembers) {
        return new MockGpu(null, remembers);
    }

    /**
     * Makes a device.
     *
     * @param domain what it is reset together with, or null
     */
    public MockGpu(@Nullable MockDomain domain) {
        this(domain, Integer.MAX_VALUE);
    }

    private MockGpu(@Nullable MockDomain domain, int remembers) {
        this.domain = domain;
        this.remembers = remembers;
        if (domain != null) {
            domain.add(this);
        }
        loop.start();
    }

    // ---- the test's

    /**
     * Completes jobs, whatever time they take.
     *
     * @param count how many at most
     * @return how many there were
     */
    public int advance(int count) {
        int completed = 0;
        for (MockJob job = takeFirst(); job != null; job = completed < count ? takeFirst() : null) {
            complete(job);
            completed++;
        }
        return completed;
    }

    private synchronized @Nullable MockJob takeFirst() {
        return list.poll();
    }

    /**
     * What it was given, or the last of that.
     *
     * @return the jobs in the order in which they were run
     */
    public synchronized List<MockJob> order() {
        return List.copyOf(order);
    }

    /**
     * Jobs on it.
     *
     * @return how many
     */
    public synchronized int inFlight() {
        return list.size();
    }

    /**
     * Whether it was closed.
     *
     * @return true once it was
     */
    public synchronized boolean isClosed() {
        return closed;
    }

    /**
     * Has it say of each job that seems to hang that it does not.
     *
     * @param says whether it says so
     */
    public synchronized void saysNoHang(boolean says) {
        noHang = says;
    }

    /**
     * How often it was asked for a verdict.
     *
     * @return 0 or more
     */
    public synchronized int verdicts() {
        return verdicts;
    }

    /**
     * The jobs that somebody wanted by a moment.
     *
     * @return their seqnos on it, as it was told
     */
    public synchronized List<Long> wanted() {
        return List.copyOf(wanted);
    }

    /**
     * By when somebody wanted a job, or one behind it.
     *
     * @param seqno the job's seqno on it
     * @return the earliest moment, on the seam's clock; empty if nobody did
     */
    public synchronized OptionalLong wantedBy(long seqno) {
        return moments.entrySet().stream().filter(each -> each.getKey() >= seqno).mapToLong(Map.Entry::getValue).min();
    }

    synchronized void stop() {
        stopped = true;
    }

    synchronized void go() {
        stopped = false;
        loop.wake();
    }

    synchronized void forget() {
        list.clear();
    }

    // ---- time

    private void complete(MockJob job) {
        job.finishes(Seam.nanoTime());
        DriverLink told;
        synchronized (this) {
            told = link;
        }
        if (told != null) {
            told.completedThrough(job.seqno());
        }
    }

    @Override
    public boolean work() {
        boolean any = false;
        for (MockJob job = takeDue(); job != null; job = takeDue()) {
            complete(job);
            any = true;
        }
        return any;
    }

    private synchronized @Nullable MockJob takeDue() {
        MockJob first = list.peek();
        boolean due = !stopped && first != null && first.nanos() != 0 && first.finishAt - Seam.nanoTime() <= 0;
        return due ? list.poll() : null;
    }

    @Override
    public synchronized long nanosToWait() {
        MockJob first = list.peek();
        return stopped || first == null || first.nanos() == 0 ? 0 : Math.max(1, first.finishAt - Seam.nanoTime());
    }

    // ---- the driver

    @Override
    public synchronized void open(DriverLink opened) {
        link = opened;
    }

    @Override
    public int maxInFlight() {
        return 1 << 20;
    }

    @Override
    public synchronized void run(long seqno, MockJob job) {
        long now = Seam.nanoTime();
        job.ran(seqno, now);
        MockJob last = list.peekLast();
        job.finishAt = (last == null || last.nanos() == 0 ? now : Math.max(now, last.finishAt)) + job.nanos();
        list.add(job);
        if (order.size() == remembers) {
            MockJob _ = order.removeFirst();
        }
        order.add(job);
    }

    @Override
    public void doorbell() {
        loop.wake();
    }

    @Override
    public void abort(long seqno, MockJob job) {
        DriverLink told;
        synchronized (this) {
            told = job.nanos() == 0 && list.remove(job) ? link : null;
        }
        if (told != null) {
            told.failed(seqno, new IllegalStateException("given up"));
        }
    }

    @Override
    public synchronized void hintDeadline(long seqno, long nanoTime) {
        wanted.add(seqno);
        moments.merge(seqno, nanoTime, Math::min);
    }

    @Override
    public void arm(long seqno) {
        // It tells of everything.
    }

    @Override
    public @Nullable FailureDomain failureDomain() {
        return domain;
    }

    @Override
    public synchronized Verdict timedOut(long seqno, MockJob job, long executed) {
        verdicts++;
        return noHang ? new Verdict.NoHang() : new Verdict.Guilty(seqno);
    }

    @Override
    public int noHangLimit() {
        return Integer.MAX_VALUE;
    }

    @Override
    public synchronized boolean hasStarted(long seqno) {
        MockJob first = list.peek();
        return first != null && first.seqno() == seqno;
    }

    @Override
    public synchronized void restart(int epoch, DriverLink relinked) {
        link = relinked;
    }

    @Override
    public synchronized void close() {
        closed = true;
        loop.stop();
    }

    /**
     * Waits until the device's thread has ended, after its close.
     *
     * @throws InterruptedException if the caller is interrupted meanwhile
     */
    public void join() throws InterruptedException {
        loop.join();
    }

    @Override
    public String toString() {
        return "mock gpu";
    }
}
