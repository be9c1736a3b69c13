package io.ringfence.sim.soak;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongConsumer;

import io.ringfence.fence.Fence;
import io.ringfence.queue.RingfenceRuntime;

import org.jspecify.annotations.Nullable;

/**
 * Three devices, several users, and one thread that does them harm: kills queues and clients, tells of faults, takes a device away and
 * plugs in another.
 */
public final class Soak {

    static final int DEVICES = 3;
    /** Places in which users leave fences for each other. */
    static final int PUBLISHED = 64;
    /** The device that is taken away. */
    private static final int MOVABLE = 2;
    private static final int USERS = 4;
    private static final long ROUND_NANOS = 4_000_000;

    private final Duration time;
    private final long seed;
    private final Ledger ledger = new Ledger();
    private final RingfenceRuntime runtime = RingfenceRuntime.start();
    private final AtomicReferenceArray<SoakDevice> devices = new AtomicReferenceArray<>(DEVICES);
    private final AtomicReferenceArray<@Nullable Fence> published = new AtomicReferenceArray<>(PUBLISHED);
    private volatile boolean over;

    /**
     * Prepares a soak.
     *
     * @param time how long jobs are submitted
     * @param seed where the random choices begin; threads and time make each run another one all the same
     */
    public Soak(Duration time, long seed) {
        this.time = time;
        this.seed = seed;
        devices.set(0, new SoakDevice(false, plan(seed, 1e-4)));
        // What is in the middle of something when the whole device is reset is a victim.
        devices.set(1, new SoakDevice(true, plan(seed + 1, 1e-4) + "slow by=10ms rate=0.01\n"));
        devices.set(MOVABLE, movable());
    }

    /** What goes wrong, in a plan for {@code --faults}. */
    private static String plan(long seed, double hangs) {
        return String.format(Locale.ROOT, """
                seed %d
                hang rate=%.8f
                endless-loop rate=%.8f
                unseen-stamp rate=%.8f
                bad-opcode rate=0.0001
                bad-address rate=0.0001
                late-event by=2ms rate=0.001
                lost-event rate=0.0005
                doubled-event rate=0.001
                late-completion by=1ms rate=0.0002
                slow by=1ms rate=0.0002
                stalled-heartbeat by=3ms rate=0.000005
                failing-reset rate=0.05
                lost-reply request=quiesce rate=0.02
                """, seed, hangs, hangs / 2, hangs / 4);
    }

    private static SoakDevice movable() {
        return new SoakDevice(false, "bad-opcode rate=0.0001");
    }

    Ledger ledger() {
        return ledger;
    }

    RingfenceRuntime runtime() {
        return runtime;
    }

    SoakDevice device(int index) {
        return devices.get(index);
    }

    /** Whether a device was not taken away. */
    boolean isOn(SoakDevice device) {
        for (int i = 0; i < DEVICES; i++) {
            if (devices.get(i) == device) {
                return true;
            }
        }
        return false;
    }

    boolean isOver() {
        return over;
    }

    /** Ends it before its time. Any thread. */
    public void stop() {
        over = true;
    }

    void publish(int place, Fence fence) {
        published.set(place, fence);
    }

    @Nullable
    Fence published(int place) {
        return published.get(place);
    }

    /**
     * Does it.
     *
     * @param progress is told now and then for how many milliseconds it has gone on
     * @return what has come of it
     * @throws InterruptedException if the thread is interrupted
     */
    public SoakResult run(LongConsumer progress) throws InterruptedException {
        long start = System.nanoTime();
        List<SoakUser> users = new ArrayList<>();
        List<Thread> threads = new ArrayList<>();
        SplittableRandom seeds = new SplittableRandom(seed);
        for (int i = 0; i < USERS; i++) {
            SoakUser user = new SoakUser(this, i, seeds.nextLong());
            users.add(user);
            threads.add(Thread.ofPlatform().name("soak-user-" + i).start(user));
        }
        SplittableRandom random = seeds.split();
        try {
            for (long now = start; !over && now - start < time.toNanos(); now = System.nanoTime()) {
                harm(users, random);
                progress.accept((now - start) / 1_000_000);
                LockSupport.parkNanos(ROUND_NANOS);
                if (Thread.interrupted()) {
                    throw new InterruptedException("the soak was interrupted");
                }
            }
        } finally {
            over = true;
        }
        for (Thread thread : threads) {
            thread.join();
        }
        runtime.close();
        for (int i = 0; i < DEVICES; i++) {
            devices.get(i).close();
        }
        return ledger.result((System.nanoTime() - start) / 1e9);
    }

    private void harm(List<SoakUser> users, SplittableRandom random) {
        SoakUser user = users.get(random.nextInt(users.size()));
        SoakQueue queue = user.some(random.nextInt(1 << 20));
        int dice = random.nextInt(1000);
        if (dice < 30 && queue != null) {
            ledger.kills.increment();
            var _ = queue.queue.kill();
        } else if (dice < 35) {
            ledger.kills.increment();
            var _ = user.client().kill();
        } else if (dice < 40 && queue != null) {
            var _ = queue.queue.ban("the soak bans it");
            ledger.bans.increment();
        } else if (dice < 80 && queue != null) {
            queue.ring.fault();
        } else if (dice < 83) {
            ledger.devicesLost.increment();
            SoakDevice old = devices.getAndSet(MOVABLE, movable());
            old.close();
        }
    }
}
