package io.ringfence.driver;

/** What a driver says of a job that seems to hang. */
public sealed interface Verdict {

    /** The job is all right, or its end was only not noticed: its clock begins anew. Believed {@link Driver#noHangLimit()} times. */
    record NoHang() implements Verdict {
    }

    /**
     * A job is to blame. Its failure domain is reset; what others had on the device is handed over again as far as that is safe.
     *
     * @param seqno the job, of the queue that asked: the one that seemed to hang, or another one that the device knows to be at fault;
     *              if it is complete by the device's last word, nobody is blamed
     */
    record Guilty(long seqno) implements Verdict {
    }

    /**
     * The device is gone, with everything that was on it. Final for all queues of the failure domain.
     *
     * @param reason how it was lost
     */
    record DeviceLost(String reason) implements Verdict {
    }
}
