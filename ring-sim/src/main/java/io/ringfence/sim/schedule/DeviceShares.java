package io.ringfence.sim.schedule;

import java.util.List;

import org.HdrHistogram.Histogram;

/**
 * What has become of the clients of a {@link SharedDevice}.
 *
 * @param nanos     how long it went on
 * @param decisions how many jobs the scheduler handed over
 * @param shares    one for each client, in their order
 */
public record DeviceShares(long nanos, long decisions, List<Share> shares) {

    /**
     * What one client got.
     *
     * @param client      who
     * @param jobs        how many of its jobs were finished
     * @param failed      how many of its jobs failed
     * @param deviceNanos for how long the device worked on its finished jobs
     * @param waits       from when a job was submitted until the device began with it, in nanoseconds
     */
    public record Share(ClientSpec client, long jobs, long failed, long deviceNanos, Histogram waits) {
    }

    /** Copies the list. */
    public DeviceShares {
        shares = List.copyOf(shares);
    }

    /**
     * A client's part of the time that the device has worked.
     *
     * @param share the client's
     * @return 0 to 1
     */
    public double partOf(Share share) {
        long all = shares.stream().mapToLong(Share::deviceNanos).sum();
        return all == 0 ? 0 : (double) share.deviceNanos() / all;
    }

    /**
     * How long the device has worked, of the time that it could have.
     *
     * @return 0 to 1, but for what was finished a little later than it should
     */
    public double busy() {
        return nanos == 0 ? 0 : (double) shares.stream().mapToLong(Share::deviceNanos).sum() / nanos;
    }

    /**
     * Whether all jobs were well.
     *
     * @return false if one failed
     */
    public boolean isClean() {
        return shares.stream().allMatch(share -> share.failed() == 0);
    }
}
