package io.ringfence.sim.schedule;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

import io.ringfence.fence.Fence;
import io.ringfence.internal.seam.Loop;
import io.ringfence.internal.seam.Seam;
import io.ringfence.queue.QueueOptions;
import io.ringfence.queue.RingfenceRuntime;
import io.ringfence.scheduler.EntityStatus;
import io.ringfence.scheduler.Policy;
import io.ringfence.scheduler.Scheduler;
import io.ringfence.scheduler.SchedulerOptions;
import io.ringfence.scheduler.SchedulerStatus;

/**
 * Clients that share one device through a scheduler, for as long as one likes, and what can be seen of it meanwhile.
 *
 * <p>The device is the mock one, not the firmware: on it a job takes exactly as long as it says, on whatever clock there is, and no processor
 * is kept busy by it. So what one sees is decided by the policy alone, on a small machine as on a large one, and the same code runs on a
 * virtual clock, where its shares can be told in advance.
 *
 * <p>On a virtual clock it belongs to the world that is installed when it is started, and to the thread that runs that.
 */
public final class SharedDevice implements AutoCloseable {

    private static final int REMEMBERED_JOBS = 1_024;
    private static final int MOST_CREDITS = 1_024;

    /**
     * What one can see.
     *
     * @param nanos     how long it has gone on
     * @param now       this moment, on the clock of the jobs
     * @param scheduler the scheduler's counters
     * @param entities  the entities, in the order of the run queue
     * @param lately    what the device was given last, in that order, whether it is finished or not
     */
    public record Look(long nanos, long now, SchedulerStatus scheduler, List<EntityStatus> entities,
            List<MockJob> lately) {
    }

    private final RingfenceRuntime runtime = RingfenceRuntime.start();
    private final MockGpu gpu = MockGpu.remembering(REMEMBERED_JOBS);
    private final Scheduler<MockJob> scheduler;
    private final List<BusyClient> clients = new ArrayList<>();
    private final Loop loop = new Loop("ringfence-clients", Loop.Role.NO_TURNS, new Work());
    private final long begun = Seam.nanoTime();
    private boolean ended;

    private SharedDevice(Supplier<? extends Policy> policy, int credits) {
        scheduler = Scheduler.open(runtime, gpu, SchedulerOptions.named("schedule").withCredits(credits)
                .withPolicy(policy).withTimeout(QueueOptions.NO_TIMEOUT));
    }

    /**
     * Starts it.
     *
     * @param policy  who decides
     * @param credits how many jobs may be on the device; 1 to 1024
     * @param specs   the clients; 1 to 26 with names of their own
     * @param seed    how their times vary: each by up to a quarter
     * @return the device at work; close it
     * @throws IllegalArgumentException if something is out of range
     */
    public static SharedDevice start(Supplier<? extends Policy> policy, int credits, List<ClientSpec> specs,
            long seed) {
        if (credits < 1 || credits > MOST_CREDITS) {
            throw new IllegalArgumentException("credits " + credits + ": must be 1 to " + MOST_CREDITS);
        }
        ClientSpec.requireTogether(specs);
        SharedDevice device = new SharedDevice(policy, credits);
        device.begin(specs, seed);
        return device;
    }

    private synchronized void begin(List<ClientSpec> specs, long seed) {
        for (int i = 0; i < specs.size(); i++) {
            clients.add(new BusyClient(specs.get(i), scheduler, seed + i, loop::wake));
        }
        List<String> names = specs.stream().map(ClientSpec::name).toList();
        for (int i = 0; i < specs.size(); i++) {
            String after = specs.get(i).after();
            if (after != null) {
                clients.get(i).comesAfter(clients.get(names.indexOf(after)));
            }
        }
        loop.start();
    }

    /** All clients, by one thread. */
    private final class Work implements Loop.Task {
        @Override
        public boolean work() {
            synchronized (SharedDevice.this) {
                boolean any = false;
                for (BusyClient client : clients) {
                    any |= !ended && client.step();
                }
                return any;
            }
        }

        @Override
        public long nanosToWait() {
            synchronized (SharedDevice.this) {
                return ended ? 0
                        : clients.stream().mapToLong(BusyClient::nanosToWait).filter(nanos -> nanos > 0).min()
                                .orElse(0);
            }
        }
    }

    /**
     * Looks at it. Any thread.
     *
     * @return what is seen
     */
    public Look look() {
        List<MockJob> lately = gpu.order();
        SchedulerStatus status = scheduler.status();
        List<EntityStatus> entities = scheduler.entities();
        long now = Seam.nanoTime();
        return new Look(now - begun, now, status, entities, lately);
    }

    /**
     * Ends it: nothing more is submitted.
     *
     * @return what has become of the clients until now
     */
    public synchronized DeviceShares end() {
        ended = true;
        for (BusyClient client : clients) {
            boolean _ = client.takeFinished();
        }
        return new DeviceShares(Seam.nanoTime() - begun, scheduler.status().decisions(),
                clients.stream().map(BusyClient::share).toList());
    }

    /** Cancels what has not reached the device, waits for what has, and gives everything back. An interrupt is kept for the caller. */
    @Override
    public void close() {
        synchronized (this) {
            ended = true;
        }
        loop.stop();
        Fence _ = scheduler.kill();
        scheduler.close();
        runtime.close();
        try {
            loop.join();
            gpu.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
