package io.ringfence.figures.stream;

import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** How often there was no room in an iteration, of those ways that tell. */
@AuxCounters(AuxCounters.Type.EVENTS)
@State(Scope.Thread)
public class Attempts {
    public long full;

    @Setup(Level.Iteration)
    public void clear() {
        full = 0;
    }
}
