package io.ringfence.sim.replay;

import java.util.List;

/**
 * What came of the recorded jobs, in the recording or under a policy.
 *
 * @param name          the policy, or "recording"
 * @param makespanNanos from the first submission to the last end
 * @param clients       what each context got, by number
 */
public record Outcome(String name, long makespanNanos, List<ClientFigures> clients) {

    /** Copies. */
    public Outcome {
        clients = List.copyOf(clients);
    }
}
