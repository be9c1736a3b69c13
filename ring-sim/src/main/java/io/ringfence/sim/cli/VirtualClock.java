package io.ringfence.sim.cli;

import io.ringfence.internal.seam.Seam;

/** Whether this process can put a virtual clock in the place of the real one. */
final class VirtualClock {

    private VirtualClock() {
    }

    static void require(String whoNeedsIt) throws InputException {
        if (!Seam.ON) {
            throw new InputException(
                    whoNeedsIt + ": needs the JVM option -D" + Seam.PROPERTY + "=true, which the launcher sets");
        }
    }
}
