package io.ringfence.sim.firmware;

import io.ringfence.internal.seam.Seam;
import io.ringfence.internal.seam.Site;

import org.agrona.concurrent.IdleStrategy;
import org.jspecify.annotations.Nullable;

/**
 * Polls hard as long as commands come, then sleeps until the doorbell rings or the next delay ends.
 *
 * <p>Going to sleep is a handshake: announce it (volatile), look at every ring once more, park. The host stamps a slot,
 * then looks whether the firmware has announced its sleep, and unparks it if so.
 */
public final class DoorbellIdle implements IdleStrategy {

    private static final boolean ONE_CPU = Runtime.getRuntime().availableProcessors() == 1;
    /** Empty rounds before the clock is asked how long nothing has come. */
    private static final int ROUNDS = ONE_CPU ? 1 : 256;
    /** How long to poll for nothing: a wake-up across processors costs tens of microseconds, a spin costs a processor. */
    private static final long POLL_NANOS = ONE_CPU ? 0 : 2_000_000;
    /** A delay that ends sooner than this is polled for: parking takes longer than the time that is left. */
    private static final long SHORT_NANOS = 100_000;

    /** Some fifty to a hundred commands of a busy host; far less than it takes to wake a thread that waits for one. */
    private static final long HEAD_START_NANOS = 4_000;

    /** Spins between two readings of the clock meanwhile. */
    private static final int SPINS_A_LOOK = 16;

    private final FirmwareAgent agent;
    private final HeadStart headStart = new HeadStart();
    private volatile @Nullable Thread sleeper;
    private volatile boolean closed;
    private int empty;
    private long idleSince;

    /**
     * Makes the strategy of one agent.
     *
     * @param agent the firmware
     */
    public DoorbellIdle(FirmwareAgent agent) {
        this.agent = agent;
    }

    @Override
    public void idle(int workCount) {
        if (workCount > 0) {
            boolean due = headStart.isDue(workCount, empty == 0 && idleSince == 0);
            reset();
            if (due && !ONE_CPU && !Seam.ON) {
                giveHeadStart();
            }
        } else {
            idle();
        }
    }

    private static void giveHeadStart() {
        long start = System.nanoTime();
        do {
            for (int i = 0; i < SPINS_A_LOOK; i++) {
                Thread.onSpinWait();
            }
        } while (System.nanoTime() - start < HEAD_START_NANOS);
    }

    @Override
    public void idle() {
        if (++empty < ROUNDS) {
            Thread.onSpinWait();
            return;
        }
        empty = 0;
        long now = Seam.nanoTime();
        if (idleSince == 0) {
            idleSince = now;
        }
        if (now - idleSince >= POLL_NANOS) {
            sleep(now);
        }
    }

    private void sleep(long now) {
        long end = agent.nextMoment();
        long longest = end == Long.MAX_VALUE ? Long.MAX_VALUE : end - now - (Seam.ON ? 0 : SHORT_NANOS);
        if (longest <= 0) {
            // Where others run only when this one cannot go on, time would pass meanwhile.
            if (ONE_CPU && !Seam.ON) {
                Seam.spin();
            }
            return;
        }
        sleeper = Thread.currentThread();
        Seam.at(Site.DEVICE);
        agent.asleepVolatile(true);
        Seam.at(Site.DEVICE);
        if (!agent.hasWork() && !closed) {
            if (longest == Long.MAX_VALUE) {
                Seam.park(this);
            } else {
                Seam.parkNanos(this, longest);
            }
        }
        agent.asleepVolatile(false);
    }

    /** Sleeps at once until there is something to do; for a world in which polling for a while is no use. */
    public void rest() {
        sleep(Seam.nanoTime());
    }

    /** Wakes the firmware if it sleeps. Any thread. */
    public void ring() {
        Thread asleep = sleeper;
        if (asleep != null) {
            Seam.unpark(asleep);
        }
    }

    /** Lets the firmware's thread notice that it is to end. Any thread. */
    public void close() {
        closed = true;
        ring();
    }

    @Override
    public void reset() {
        empty = 0;
        idleSince = 0;
    }
}
