package io.ringfence.sim.virtual;

import io.ringfence.sim.firmware.DoorbellIdle;
import io.ringfence.sim.firmware.FirmwareAgent;

/** A probe that runs firmware itself, so that firmware started while it is installed gets no thread. */
public interface FirmwareHost {

    /**
     * Begins to run firmware.
     *
     * @param agent the firmware
     * @param idle  how it idles, if it is run as a thread would run it
     */
    void add(FirmwareAgent agent, DoorbellIdle idle);

    /**
     * Stops running firmware.
     *
     * @param agent the firmware
     */
    void remove(FirmwareAgent agent);
}
