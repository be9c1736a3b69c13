package io.ringfence.fence;

import java.util.List;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** A reservation that is locked during each test. */
abstract class ReservationTestBase {
    final Reservation memory = Reservation.create("memory");
    final FenceIssuer issuer = FenceIssuer.create("f");
    final Fence f = issuer.fence();
    final ManualTimeline timeline = new ManualTimeline("engine");
    ReservationLocks locks;

    @BeforeEach
    void lock() throws InterruptedException {
        locks = ReservationLocks.lock(memory);
    }

    @AfterEach
    void unlock() {
        locks.close();
        issuer.signal();
    }

    final void add(Fence fence, Usage usage) {
        locks.reserve(memory, 1);
        locks.add(memory, fence, usage);
    }

    final List<Fence> all() {
        return memory.fences(Usage.BOOKKEEP);
    }
}
