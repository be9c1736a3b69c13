package io.ringfence.sim.schedule;

/** A job that takes a time on the device, or lasts until the device is told that it is over. */
public final class MockJob {

    private final String name;
    private final long nanos;
    private final int cost;
    private volatile long seqno;
    private volatile int runs;
    private volatile long started;
    private volatile long finished;
    /** The device's. */
    long finishAt;

    /**
     * Makes a job.
     *
     * @param name  what it is called
     * @param nanos how long it takes; 0 for ever
     * @param cost  what it costs in credits
     */
    public MockJob(String name, long nanos, int cost) {
        this.name = name;
        this.nanos = nanos;
        this.cost = cost;
    }

    /**
     * One that lasts until the device is told.
     *
     * @param name what it is called
     * @return a job
     */
    public static MockJob endless(String name) {
        return new MockJob(name, 0, 1);
    }

    /**
     * One that takes a time.
     *
     * @param name   what it is called
     * @param micros for how long, in microseconds
     * @return a job
     */
    public static MockJob micros(String name, long micros) {
        return new MockJob(name, micros * 1_000, 1);
    }

    /**
     * How long it takes.
     *
     * @return nanoseconds, 0 for ever
     */
    public long nanos() {
        return nanos;
    }

    /**
     * What it costs.
     *
     * @return credits
     */
    public int cost() {
        return cost;
    }

    /**
     * Its place on the device.
     *
     * @return its seqno there, 0 before it was run
     */
    public long seqno() {
        return seqno;
    }

    /**
     * How often it was given to the device.
     *
     * @return 0 or more
     */
    public int runs() {
        return runs;
    }

    /**
     * When the device was given it.
     *
     * @return nanoseconds of the seam's clock
     */
    public long started() {
        return started;
    }

    /**
     * When the device begins with it, or has begun, if it takes a time: not before it has finished what it was given before. For those
     * who know of its being run from {@link MockGpu#order()} or from its fence.
     *
     * @return nanoseconds of the seam's clock
     */
    public long begins() {
        return finishAt - nanos;
    }

    /**
     * When the device had finished it.
     *
     * @return nanoseconds of the seam's clock, 0 before that
     */
    public long finished() {
        return finished;
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // under the device's lock
    void ran(long at, long now) {
        seqno = at;
        runs++;
        started = now;
    }

    void finishes(long now) {
        finished = now;
    }

    @Override
    public String toString() {
        return name;
    }
}
