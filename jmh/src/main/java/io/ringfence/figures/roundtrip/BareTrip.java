package io.ringfence.figures.roundtrip;

import io.ringfence.figures.devices.NoRoom;
import io.ringfence.figures.peers.BareWay;

/** Submitted to the least queue there can be; the submitter spins. */
final class BareTrip extends BareWay {

    BareTrip() {
        super(0, 0);
    }

    @Override
    protected long give(int count) {
        long full = 0;
        for (int i = 0; i < count; i++) {
            long seqno = queue.trySubmit(1);
            for (int tries = 0; seqno == 0; tries++) {
                full++;
                NoRoom.pause(tries);
                seqno = queue.trySubmit(1);
            }
            queue.spin(seqno);
        }
        return full;
    }
}
