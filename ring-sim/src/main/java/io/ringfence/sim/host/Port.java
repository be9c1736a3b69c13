package io.ringfence.sim.host;

/** Who is told of the events of one ring. Called by whoever reads the event ring; must not wait. */
public interface Port {

    /**
     * The ring has completed what the host wanted to know of.
     *
     * @param word the last completed command, (epoch, seqno)
     */
    void completed(long word);

    /** The ring may have completed something, though no event told of it. */
    void look();

    /**
     * A request was answered.
     *
     * @param request   its word
     * @param result    how, a number of {@link io.ringfence.sim.layout.EventKind}
     * @param completed the last completed command, (epoch, seqno)
     * @param started   the last begun command, (epoch, seqno)
     */
    void replied(long request, int result, long completed, long started);

    /**
     * The firmware has stopped.
     *
     * @param reason why
     */
    void ended(String reason);
}
