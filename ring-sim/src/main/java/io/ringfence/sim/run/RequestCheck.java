package io.ringfence.sim.run;

import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;

import io.ringfence.fence.Fences;
import io.ringfence.fence.Outcome;
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
            int silent = 0;
            for (Supplier<Result<Standing>> request : requests) {
                silent = answered(request.get()) ? 0 : silent + 1;
                if (silent > 1) {
                    // One answer that is lost is a fault of the plan; two in a row come from firmware that is dead.
                    return;
                }
            }
        } finally {
            ring.close();
        }
    }

    /** Whether there was an answer; whatever it was, the next request may work all the same. */
    private static boolean answered(Result<Standing> answer) throws InterruptedException {
        boolean _ = Fences.awaitAll(List.of(answer.fence()), BOUND);
        return answer.fence().outcome() == Outcome.OK;
    }
}
