package io.ringfence.figures.stream;

import java.util.Arrays;

import io.ringfence.figures.devices.NoRoom;
import io.ringfence.figures.peers.DeviceWay;
import io.ringfence.queue.Bulk;
import io.ringfence.queue.SubmitCode;
import io.ringfence.sim.Command;

/**
 * A queue on the embedded firmware: order, credits, a command in a slot of the device's ring, its completion, failures, the watchdog.
 * Jobs carry a reference to a command, of which 64 bytes reach the device.
 */
final class RingfenceWay extends DeviceWay {

    private final Command[] batch;

    /** With so many jobs for each claim. */
    RingfenceWay(int size) {
        batch = new Command[size];
        Arrays.fill(batch, device.nop);
    }

    @Override
    protected long give(int count) {
        return batch.length == 1 ? giveSingly(count) : giveBatches(count);
    }

    private long giveSingly(int count) {
        long full = 0;
        for (int i = 0; i < count; i++) {
            for (int tries = 0; device.trySubmit() < 0; tries++) {
                full++;
                NoRoom.pause(tries);
            }
        }
        return full;
    }

    private long giveBatches(int count) {
        long full = 0;
        for (int i = 0; i < count; i += batch.length) {
            int tries = 0;
            for (int from = 0; from < batch.length;) {
                Bulk bulk = device.queue.trySubmitAll(batch, from, batch.length);
                if (bulk.count() == 0) {
                    full++;
                    pause(bulk, tries++);
                }
                from += bulk.count();
            }
        }
        return full;
    }

    private static void pause(Bulk bulk, int tries) {
        if (bulk.first() != SubmitCode.FULL) {
            throw new IllegalStateException(bulk.toString());
        }
        NoRoom.pause(tries);
    }
}
