package io.ringfence.sim.soak;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReferenceArray;

import io.ringfence.fence.Fence;
import io.ringfence.fence.PointFence;
import io.ringfence.queue.Batch;
import io.ringfence.queue.Client;
import io.ringfence.queue.Committed;
import io.ringfence.queue.PayloadTraits;
import io.ringfence.queue.QueueClosedException;
import io.ringfence.queue.QueueOptions;
import io.ringfence.sim.Command;
import io.ringfence.sim.FirmwareRing;

import org.jspecify.annotations.Nullable;

/** Submits to some queues, opens new ones when they end, and looks at every job. One thread, but for {@link #some}. */
final class SoakUser implements Runnable {

    private static final int QUEUES = 3;
    private static final int HANGS_OF_A_CLIENT = 40;
    private static final Duration LONGEST = Duration.ofMillis(2);
    private static final Duration END = Duration.ofSeconds(60);
    private static final PayloadTraits<SoakJob> TRAITS = PayloadTraits.plain();

    private final Soak soak;
    private final Ledger ledger;
    private final int number;
    private final SplittableRandom random;
    private final AtomicReferenceArray<@Nullable SoakQueue> queues = new AtomicReferenceArray<>(QUEUES);
    /** Closed or killed, with jobs that were not looked at. */
    private final List<SoakQueue> ending = new ArrayList<>();
    private volatile Client client;
    private int opened;

    SoakUser(Soak soak, int number, long seed) {
        this.soak = soak;
        this.number = number;
        ledger = soak.ledger();
        random = new SplittableRandom(seed);
        client = newClient();
    }

    private Client newClient() {
        return soak.runtime().openClient("user-" + number, HANGS_OF_A_CLIENT);
    }

    /** A queue in use, or null; any thread. */
    @Nullable
    SoakQueue some(int index) {
        return queues.get(index % QUEUES);
    }

    Client client() {
        return client;
    }

    @Override
    public void run() {
        try {
            while (!soak.isOver()) {
                round();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            end();
        }
    }

    private void round() throws InterruptedException {
        int index = random.nextInt(QUEUES);
        SoakQueue used = queues.get(index);
        if (used == null || used.isOver()) {
            replace(index);
            return;
        }
        used.settleDone();
        if (used.isFull()) {
            boolean _ = used.awaitFirst(LONGEST);
            return;
        }
        try {
            act(used, index);
        } catch (QueueClosedException closed) {
            replace(index);
        }
        settleEnding();
    }

    private void act(SoakQueue used, int index) throws InterruptedException {
        int dice = random.nextInt(10_000);
        if (dice < 4) {
            ledger.closes.increment();
            var _ = used.queue.startClose();
        } else if (dice < 6) {
            ledger.closes.increment();
            used.queue.close();
        } else if (dice < 60) {
            SoakJob job = used.some(random.nextInt(64));
            PointFence fence = job == null ? null : job.fence;
            if (fence != null && used.queue.cancel(fence)) {
                ledger.cancels.increment();
            }
        } else if (dice < 70) {
            freeze(used);
        } else if (dice < 400) {
            batch(used, queues.get((index + 1) % QUEUES));
        } else {
            submit(used, dice < 600);
        }
    }

    private void freeze(SoakQueue used) throws InterruptedException {
        Fence frozen = used.queue.freeze();
        submit(used, false);
        var _ = frozen.await(LONGEST);
        used.queue.thaw();
    }

    // ---- jobs

    private SoakJob job(SoakQueue used) {
        List<SoakJob> inputs = new ArrayList<>();
        while (random.nextInt(4) == 0 && inputs.size() < 3) {
            SoakQueue other = queues.get(random.nextInt(QUEUES));
            SoakJob input = other == null ? null : other.some(random.nextInt(64));
            if (input != null && !inputs.contains(input)) {
                inputs.add(input);
            }
        }
        Fence foreign = random.nextInt(16) == 0 ? soak.published(random.nextInt(Soak.PUBLISHED)) : null;
        int dice = random.nextInt(10);
        long cell = dice < 9 ? used.cell() : -1;
        if (cell < 0) {
            return new SoakJob(SoakJob.Kind.NOTHING, Command.nop(), -1, inputs, foreign);
        }
        if (dice < 5) {
            return new SoakJob(SoakJob.Kind.ADD, Command.add(cell, SoakDevice.one(), 1), cell, inputs, foreign);
        }
        long nanos = random.nextInt(50) == 0 ? random.nextInt(50_000) : 0;
        return new SoakJob(SoakJob.Kind.TIMES, Command.delay(nanos, cell + SoakDevice.TIMES_OFFSET), cell, inputs,
                foreign);
    }

    private void submit(SoakQueue used, boolean waiting) throws InterruptedException {
        SoakJob job = job(used);
        PointFence fence = null;
        try {
            fence = waiting ? used.queue.submit(job, Duration.ofMillis(1), job.dependencies())
                    : used.queue.trySubmitFence(job, job.dependencies());
        } catch (TimeoutException full) {
            // As if it had been tried.
        } finally {
            if (fence == null) {
                used.free(job.cell);
            }
        }
        if (fence != null) {
            used.submitted(job, fence);
            soak.publish(random.nextInt(Soak.PUBLISHED), fence);
        }
    }

    /** Two to five jobs of two queues, each after the one before it. */
    private void batch(SoakQueue used, @Nullable SoakQueue beside) throws InterruptedException {
        Batch batch = Batch.create();
        List<SoakQueue> places = new ArrayList<>();
        List<SoakJob> jobs = new ArrayList<>();
        List<Batch.Member> members = new ArrayList<>();
        int count = 2 + random.nextInt(4);
        for (int i = 0; i < count; i++) {
            SoakQueue place = beside != null && !beside.isFull() && random.nextBoolean() ? beside : used;
            SoakJob job = job(place);
            Batch.Member member = batch.add(place.queue, job).after(job.dependencies());
            if (i > 0) {
                member.after(members.getLast());
            }
            places.add(place);
            jobs.add(job);
            members.add(member);
        }
        Committed committed = null;
        try {
            committed = batch.tryCommit();
        } finally {
            if (committed == null) {
                for (int i = 0; i < count; i++) {
                    places.get(i).free(jobs.get(i).cell);
                }
            }
        }
        for (int i = 0; committed != null && i < count; i++) {
            places.get(i).submitted(jobs.get(i), committed.fence(members.get(i)));
        }
    }

    // ---- queues

    private void replace(int index) {
        SoakQueue old = queues.getAndSet(index, null);
        if (old != null) {
            old.end();
            ending.add(old);
        }
        settleEnding();
        if (!soak.isOver()) {
            queues.set(index, open());
        }
    }

    private @Nullable SoakQueue open() {
        SoakDevice device = soak.device(random.nextInt(Soak.DEVICES));
        QueueOptions options = QueueOptions.named("user-" + number + "-" + ++opened).withCapacity(128).withCredits(48)
                .withTimeout(Duration.ofMillis(30 + random.nextInt(30))).withHangLimit(1 + random.nextInt(8));
        if (random.nextInt(3) == 0) {
            options = options.withBudget(device.budget);
        }
        FirmwareRing ring;
        try {
            ring = device.firmware.openRing();
        } catch (IllegalStateException refused) {
            if (soak.isOn(device)) {
                ledger.violation(ledger.lost, "no ring: " + refused.getMessage());
            }
            return null;
        }
        WatchedRing watched = new WatchedRing(ring, ledger);
        try {
            return new SoakQueue(device, watched, client.openQueue(watched, options, TRAITS), ledger);
        } catch (IllegalStateException refused) {
            // The client was killed or banned; the ring was not taken over.
            ring.close();
            client = newClient();
            return null;
        }
    }

    private void settleEnding() {
        for (Iterator<SoakQueue> each = ending.iterator(); each.hasNext();) {
            SoakQueue old = each.next();
            old.settleDone();
            if (old.hasEnded()) {
                old.countRecoveries();
                each.remove();
            }
        }
    }

    private void end() {
        for (int i = 0; i < QUEUES; i++) {
            SoakQueue left = queues.getAndSet(i, null);
            if (left != null) {
                left.end();
                ending.add(left);
            }
        }
        long start = System.nanoTime();
        settleEnding();
        while (!ending.isEmpty() && System.nanoTime() - start < END.toNanos()) {
            try {
                boolean _ = ending.getFirst().awaitFirst(LONGEST);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                break;
            }
            settleEnding();
        }
        ending.forEach(SoakQueue::countUnsignaled);
        ending.forEach(SoakQueue::countRecoveries);
    }
}
