package io.ringfence.sim.run;

import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;

import io.ringfence.fence.Fences;
import io.ringfence.fence.Result;
import io.ringfence.sim.FirmwareRing;
import io.ringfence.sim.SimulatedFirmware;
import io.ringfence.sim.device.Standing;

/** Asks the firmware for everything that a host may ask for, on a ring that nobody uses. */
final class RequestCheck {

    private static final Duration BOUND = Duration.ofSeconds(5);

    private RequestCheck() {
    }

    /** Returns when everything was answered, or was not; the watch of the device names what went wrong. */
    static void ask(SimulatedFirmware firmware) throws InterruptedException {
        FirmwareRing ring = firmware.openRing();
        try {
            List<Supplier<Result<Standing>>> requests = List.of(ring::suspend, ring::resume,
                    () -> ring.applyProperties(ring.options()), ring::quiesce, ring::reset, ring::resume, ring::ban);
            for (Supplier<Result<Standing>> request : requests) {
                answered(request.get());
            }
        } finally {
            ring.close();
        }
    }

    /** Whatever the answer is: the next request may work all the same. */
    private static void answered(Result<Standing> answer) throws InterruptedException {
        boolean _ = Fences.awaitAll(List.of(answer.fence()), BOUND);
    }
}
