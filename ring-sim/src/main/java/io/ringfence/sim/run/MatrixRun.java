package io.ringfence.sim.run;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.LongConsumer;

import io.ringfence.fence.Failure;
import io.ringfence.fence.Outcome;
import io.ringfence.fence.PointFence;
import io.ringfence.queue.JobQueue;
import io.ringfence.queue.QueueOptions;
import io.ringfence.sim.Command;
import io.ringfence.sim.FirmwareOptions;

import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/** The main job: matrix products on the embedded firmware, checked, then the round trips of single jobs. */
public final class MatrixRun {

    private static final int ROUND_TRIPS = 20_000;
    private static final int WARM_UP_TRIPS = 5_000;
    private static final int CAPACITY = 1024;
    /** Where something is to go wrong: longer than the diagnosis needs to name it. */
    private static final Duration TIMEOUT = Duration.ofSeconds(2);
    private static final Duration REPORT_EVERY = Duration.ofMillis(100);

    private final RunSettings settings;
    private final DeviceSession session;
    private final List<JobQueue<Command>> queues = new ArrayList<>();
    private final Map<String, Long> failures = new LinkedHashMap<>();
    private @Nullable Failure firstFailure;

    /**
     * Opens the queues.
     *
     * @param settings what is to be done
     * @param session  a device made with {@link #device(RunSettings)}
     */
    public MatrixRun(RunSettings settings, DeviceSession session) {
        this.settings = settings;
        this.session = session;
        open("upload");
        for (int i = 0; i < settings.queues(); i++) {
            open("compute-" + i);
        }
        open("reduce");
    }

    /**
     * The device that a run needs.
     *
     * @param settings what is to be done
     * @return its size
     */
    public static FirmwareOptions device(RunSettings settings) {
        // One for each queue, and one to ask the firmware for things on.
        return FirmwareOptions.defaults().withRings(settings.queues() + 3).withSlots(CAPACITY)
                .withArenaBytes(settings.arenaBytes());
    }

    private void open(String name) {
        QueueOptions options = QueueOptions.named(name).withCapacity(CAPACITY).withCredits(settings.credits());
        boolean misbehaves = !session.firmware().options().faults().isEmpty();
        queues.add(session.open(misbehaves ? options.withTimeout(TIMEOUT) : options));
    }

    /**
     * How many jobs {@link #work} reports in the end.
     *
     * @return jobs of all products
     */
    public long plannedJobs() {
        return TiledProduct.jobs(settings.tiles()) * settings.repeat();
    }

    /**
     * Does it.
     *
     * @param progress is told now and then how many jobs are finished
     * @return what was found
     * @throws InterruptedException if the thread is interrupted
     */
    public RunResult work(LongConsumer progress) throws InterruptedException {
        Tiling tiling = new Tiling(settings.size(), settings.tile());
        TiledProduct product = new TiledProduct(tiling, session.firmware().memory(), queues.getFirst(),
                queues.subList(1, queues.size() - 1), queues.getLast());
        SplittableRandom random = new SplittableRandom(settings.seed());
        boolean verified = true;
        long workNanos = 0;
        for (int i = 0; i < settings.repeat(); i++) {
            float[] a = matrix(random);
            float[] b = matrix(random);
            long start = System.nanoTime();
            List<PointFence> fences = product.submit(a, b);
            await(fences, progress);
            workNanos += System.nanoTime() - start;
            countFailures(fences);
            verified &= product.matches(Reference.product(a, b, tiling));
        }
        long workJobs = finished();
        progress.accept(workJobs);
        Histogram trips = roundTrips(queues.get(1));
        if (!session.firmware().options().faults().isEmpty()) {
            RequestCheck.ask(session.firmware());
        }
        List<RunResult.QueueShare> shares = queues.stream().map(queue -> new RunResult.QueueShare(queue.name(),
                queue.timeline().signaled(), failures.getOrDefault(queue.name(), 0L))).toList();
        long failed = failures.values().stream().mapToLong(Long::longValue).sum();
        return new RunResult(verified && failed == 0, finished(), failed, workNanos / 1e9, workJobs, trips, shares,
                firstFailure);
    }

    private float[] matrix(SplittableRandom random) {
        float[] values = new float[settings.size() * settings.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) random.nextDouble(-1, 1);
        }
        return values;
    }

    private void await(List<PointFence> fences, LongConsumer progress) throws InterruptedException {
        // Backwards: the last jobs take the longest, and when they are done most others are.
        for (int i = fences.size() - 1; i >= 0; i--) {
            while (fences.get(i).await(REPORT_EVERY) == Outcome.PENDING) {
                progress.accept(finished());
            }
        }
        progress.accept(finished());
    }

    private long finished() {
        return queues.stream().mapToLong(queue -> queue.timeline().signaled()).sum();
    }

    private void countFailures(List<PointFence> fences) {
        for (PointFence fence : fences) {
            Failure failure = fence.failure();
            if (failure != null) {
                failures.merge(fence.timeline().name(), 1L, Long::sum);
                if (firstFailure == null) {
                    firstFailure = failure;
                }
            }
        }
    }

    private Histogram roundTrips(JobQueue<Command> queue) throws InterruptedException {
        Histogram trips = new Histogram(3);
        for (int i = -WARM_UP_TRIPS; i < ROUND_TRIPS; i++) {
            long start = System.nanoTime();
            PointFence fence = queue.submit(Command.nop());
            Outcome outcome = fence.await();
            long nanos = System.nanoTime() - start;
            if (outcome == Outcome.FAILED) {
                countFailures(List.of(fence));
            }
            if (i >= 0) {
                trips.recordValue(Math.max(0, nanos));
            }
        }
        return trips;
    }
}
