package io.ringfence.queue;

/**
 * What became of a bulk submission. The submitted jobs have consecutive seqnos.
 *
 * @param first the seqno of the first job; if none was submitted, a negative {@link SubmitCode}, or 0 if none was given
 * @param count how many were submitted, from the first that was given on; less than were given if there was no more room
 */
public record Bulk(long first, int count) {

    /**
     * The seqno of the last job.
     *
     * @return the seqno, or the negative code if none was submitted
     */
    public long last() {
        return count == 0 ? first : first + count - 1;
    }

    @Override
    public String toString() {
        return count == 0 ? SubmitCode.describe(first) : count + " jobs from seqno " + first;
    }
}
