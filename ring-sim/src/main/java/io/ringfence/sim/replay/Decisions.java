package io.ringfence.sim.replay;

import java.util.Arrays;

/**
 * Decisions of a model beside those of the recording: the lag of one is how much later the recording hands a job over than the model.
 *
 * @param total       how many there were, one for each job
 * @param matched     those whose lag is 0 to 100 µs
 * @param early       those for which the model is later than the recording: what it claims cannot have been so
 * @param late        those for which the recording is more than 100 µs later
 * @param leastLag    the least lag, in nanoseconds
 * @param medianLag   the median lag
 * @param greatestLag the greatest lag
 */
public record Decisions(long total, long matched, long early, long late, long leastLag, long medianLag,
        long greatestLag) {

    /** The greatest lag of a decision that matches. */
    public static final long MATCH_NANOS = 100_000;

    /**
     * Compares.
     *
     * @param lags the lag of each decision; sorted in place
     * @return the comparison
     */
    static Decisions of(long[] lags) {
        Arrays.sort(lags);
        long early = 0;
        long late = 0;
        for (long lag : lags) {
            early += lag < 0 ? 1 : 0;
            late += lag > MATCH_NANOS ? 1 : 0;
        }
        int count = lags.length;
        return count == 0
                ? new Decisions(0, 0, 0, 0, 0, 0, 0)
                : new Decisions(count, count - early - late, early, late, lags[0], lags[count / 2], lags[count - 1]);
    }

    /**
     * Whether the model explains the recording.
     *
     * @return true if everything matched
     */
    public boolean isAllMatched() {
        return matched == total;
    }
}
