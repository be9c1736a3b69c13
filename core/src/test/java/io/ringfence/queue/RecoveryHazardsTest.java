package io.ringfence.queue;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

import io.ringfence.driver.DriverLink;
import io.ringfence.driver.Verdict;
import io.ringfence.fence.Failure;
import io.ringfence.fence.Fence;
import io.ringfence.fence.FenceIssuer;
import io.ringfence.fence.PointFence;
import io.ringfence.internal.turn.Deferred;
import io.ringfence.internal.turn.Turn;
import io.ringfence.queue.ResettableDevice.Ring;

/** Recovery beside everything that can go on at the same time. */
class RecoveryHazardsTest extends QueueTestBase {
    private static final Duration SHORT = Duration.ofMillis(40);
    /** More completions than one round of a turn settles. */
    private static final int MANY = 4096;

    private final ResettableDevice device = new ResettableDevice();

    private JobQueue<Object> openShort(Ring ring, String name) {
        return open(ring, options(name).withTimeout(SHORT));
    }

    private JobQueue<Object> openPatient(Ring ring, String name) {
        return open(ring, options(name).withTimeout(QueueOptions.NO_TIMEOUT));
    }

    /** A hang of another device, which tells that so many short timeouts have passed. */
    private void awaitTimeouts(int count) throws InterruptedException {
        Ring clock = new ResettableDevice().ring();
        clock.startsAll = true;
        JobQueue<Object> queue = open(clock, options("clock").withTimeout(SHORT.multipliedBy(count)));
        assertThat(failureOf(queue.submit("tick"))).isInstanceOf(Failure.TimedOut.class);
    }

    private static Work until(CountDownLatch goOn) {
        return _ -> spin(goOn);
    }

    private static void spin(CountDownLatch latch) {
        while (latch.getCount() != 0) {
            Thread.onSpinWait();
        }
    }

    @Test
    @DisplayName("H14: a run or a callback that the watchdog's look leads to does not keep the watchdog")
    void watchdogStaysFree() throws Exception {
        Ring ring = device.ring();
        JobQueue<Object> queue = open(ring, options("q").withTimeout(SHORT).withCredits(1));
        queue.submit("first");
        CountDownLatch goOn = new CountDownLatch(1);
        CountDownLatch inside = new CountDownLatch(1);
        PointFence second = queue.submit((Work) _ -> {
            inside.countDown();
            spin(goOn);
        });
        // Nobody notices but the watchdog.
        ring.finishQuietlyThrough(1);
        inside.await();
        awaitTimeouts(1);
        goOn.countDown();
        ring.start(2);
        assertThat(failureOf(second)).isInstanceOf(Failure.TimedOut.class);
    }

    @Test
    @DisplayName("H16: no hang of one queue does not begin the clocks of the others anew")
    void noHangOfAnother() throws Exception {
        Ring busy = device.ring();
        busy.verdict = new Verdict.NoHang();
        busy.limit = Integer.MAX_VALUE;
        Ring hanging = device.ring();
        hanging.startsAll = true;
        openShort(busy, "busy").submit("goes on");
        JobQueue<Object> hangs = open(hanging, options("hangs").withTimeout(SHORT.multipliedBy(5)));
        assertThat(failureOf(hangs.submit("guilty"))).isInstanceOf(Failure.TimedOut.class);
    }

    @Test
    @DisplayName("H16: a request that came up while the device was stopped is void when it goes on")
    void staleRequest() throws Exception {
        FenceIssuer stopped = issuer("stopped");
        device.quiescing = stopped::fence;
        Ring slow = device.ring();
        Ring innocent = device.ring();
        slow.startsAll = true;
        innocent.startsAll = true;
        JobQueue<Object> beside = open(innocent, options("beside").withTimeout(SHORT.multipliedBy(3)));
        PointFence fine = beside.submit("fine");
        PointFence late = openShort(slow, "slow").submit("late");
        while (!device.asked.contains("quiesce")) {
            Thread.onSpinWait();
        }
        awaitTimeouts(8);
        innocent.verdict = new Verdict.NoHang();
        slow.finishQuietlyThrough(1);
        stopped.signal();
        assertOk(late);
        assertOk(beside.freeze());
        innocent.finishThrough(1);
        assertOk(fine);
        assertThat(innocent.verdicts).hasValue(0);
    }

    @Test
    @DisplayName("S59: what a job with a limit of its own has left is left of that limit")
    void suspendedWithOwnLimit() throws Exception {
        Ring ring = device.ring();
        ring.startsAll = true;
        PayloadTraits<Object> traits = PayloadTraits.<Object>plain().withLimit(_ -> Duration.ofHours(1));
        JobQueue<Object> queue = runtime.openQueue(ring, options("q").withTimeout(SHORT), traits);
        PointFence job = queue.submit("patient");
        awaitTimeouts(2);
        Duration left = queue.suspendTimeout();
        queue.resumeTimeout(left);
        awaitTimeouts(4);
        assertThat(ring.verdicts).hasValue(0);
        ring.finishThrough(1);
        assertOk(job);
        queue.close();
    }

    @Test
    @DisplayName("S59: what one job had left is not held against the next")
    void resumedForAnother() throws Exception {
        Ring ring = device.ring();
        ring.startsAll = true;
        JobQueue<Object> queue = open(ring, options("q").withTimeout(Duration.ofMinutes(1)));
        PointFence job = queue.submit("job");
        queue.suspendTimeout();
        ring.finishThrough(1);
        assertOk(job);
        awaitTimeouts(1);
        queue.resumeTimeout(Duration.ZERO);
        awaitTimeouts(1);
        PointFence next = queue.submit("next");
        awaitTimeouts(30);
        assertThat(ring.verdicts).hasValue(0);
        ring.finishThrough(2);
        assertOk(next);
    }

    @Test
    @DisplayName("H16: a queue that is forgiven no hang does not lose the device for a job that was not begun once")
    void notBegunOnce() throws Exception {
        Ring strict = device.ring();
        Ring other = device.ring();
        JobQueue<Object> queue = open(strict, options("strict").withTimeout(SHORT).withHangLimit(0));
        PointFence innocent = openPatient(other, "other").submit("repeatable");
        PointFence job = queue.submit("not begun");
        while (strict.ran.size() < 2 && !job.isDone()) {
            Thread.onSpinWait();
        }
        strict.finishThrough(1);
        assertOk(job);
        while (other.ran.size() < 2) {
            Thread.onSpinWait();
        }
        other.finishThrough(1);
        assertOk(innocent);
    }

    @Test
    @DisplayName("H5: a fault of a queue that has finished meanwhile resets nothing")
    void faultOfTheFinished() throws Exception {
        Ring ends = device.ring();
        Ring other = device.ring();
        other.startsAll = true;
        JobQueue<Object> queue = openPatient(ends, "ends");
        PointFence begun = openPatient(other, "other").submit("begun");
        CountDownLatch goOn = new CountDownLatch(1);
        CountDownLatch inside = new CountDownLatch(1);
        PointFence job = queue.submit("job");
        ends.finishThrough(1);
        assertOk(job);
        ends.polling = () -> {
            inside.countDown();
            spin(goOn);
        };
        ends.link().interrupt();
        inside.await();
        Fence end = queue.startClose();
        ends.link().fault(0, "too late");
        while (!queue.dump().contains("standing still") && !runtime.dump().contains("standing still")) {
            Thread.onSpinWait();
        }
        goOn.countDown();
        assertOk(end);
        other.finishThrough(1);
        assertOk(begun);
        assertThat(device.asked).isEmpty();
    }

    @Test
    @DisplayName("H1: a job whose input failed by itself on the device is not handed over again")
    void inputFailedBefore() throws Exception {
        Ring ring = device.ring();
        JobQueue<Object> queue = openShort(ring, "q");
        queue.submit("guilty");
        PointFence fails = queue.submit("fails");
        PointFence needs = queue.submit("needs it", fails);
        ring.fail(2, new IllegalStateException("by itself"));
        ring.start(1);
        assertThat(failureOf(needs).root()).isInstanceOf(Failure.DriverError.class);
        assertThat(ring.ran).containsExactly(1L, 2L, 3L);
        assertThat(ring.cancelled).containsExactly(3L);
    }

    @Test
    @DisplayName("H4: what was asked to be given up before a reset is not asked for after it")
    void abortsOfBefore() throws Exception {
        Ring ring = device.ring();
        ring.mayBlock = true;
        JobQueue<Object> queue = openPatient(ring, "q");
        PointFence guilty = queue.submit("guilty");
        PointFence unwanted = queue.submit("unwanted");
        CountDownLatch third = new CountDownLatch(1);
        CountDownLatch inFourth = new CountDownLatch(1);
        CountDownLatch fourth = new CountDownLatch(1);
        queue.submit(until(third));
        queue.submit((Work) _ -> {
            inFourth.countDown();
            spin(fourth);
        });
        while (ring.ran.size() < 2) {
            Thread.onSpinWait();
        }
        assertThat(queue.cancel(unwanted)).isTrue();
        third.countDown();
        inFourth.await();
        // The completion turn stands still before it can learn of it.
        ring.start(1);
        ring.link().fault(1, "hangs");
        while (!queue.dump().contains("standing still")) {
            Thread.onSpinWait();
        }
        fourth.countDown();
        assertThat(failureOf(guilty)).isInstanceOf(Failure.TimedOut.class);
        assertThat(failureOf(unwanted)).isInstanceOf(Failure.Cancelled.class);
        assertThat(ring.aborted).isEmpty();
    }

    @Test
    @DisplayName("H14: a queue whose turn only waits for a busy thread of the runtime is not lost")
    void workersAreBusy() throws Exception {
        device.bound = Duration.ofMillis(200);
        Ring hanging = device.ring();
        Ring waiting = device.ring();
        hanging.startsAll = true;
        waiting.mayBlock = true;
        JobQueue<Object> innocent = openPatient(waiting, "innocent");
        JobQueue<Object> hangs = openShort(hanging, "hangs");
        CountDownLatch goOn = new CountDownLatch(1);
        CountDownLatch inside = new CountDownLatch(2);
        for (int i = 0; i < 2; i++) {
            Ring blocks = new ResettableDevice().ring();
            blocks.mayBlock = true;
            openPatient(blocks, "blocks" + i).submit((Work) _ -> {
                inside.countDown();
                spin(goOn);
            });
        }
        inside.await();
        PointFence job = innocent.submit("job");
        assertThat(failureOf(hangs.submit("guilty"))).isInstanceOf(Failure.TimedOut.class);
        goOn.countDown();
        while (waiting.ran.isEmpty() && !job.isDone()) {
            Thread.onSpinWait();
        }
        waiting.finishThrough(1);
        assertOk(job);
    }

    @Test
    @DisplayName("H14: a queue whose completion turn waits for a thread of the runtime while all are busy is not lost")
    void allWorkersAreBusy() throws Exception {
        Ring waiting = device.ring();
        JobQueue<Object> innocent = open(waiting,
                options("innocent").withTimeout(QueueOptions.NO_TIMEOUT).withCapacity(2 * MANY).withCredits(2 * MANY));
        Ring hanging = device.ring();
        JobQueue<Object> hangs = openPatient(hanging, "hangs");
        PointFence guilty = hangs.submit("guilty");
        for (int i = 0; i < MANY; i++) {
            innocent.submit("repeatable");
        }
        PointFence last = innocent.submit("repeatable");
        CountDownLatch goOn = keepWorkers();
        // More than a turn settles on a thread that it borrows; the rest waits for one of the runtime's.
        waiting.finishQuietlyThrough(MANY);
        innocent.timeline().poll();
        awaitResetOf(hanging);
        goOn.countDown();
        waiting.finishThrough(MANY + 1);
        assertOk(last);
        assertThat(failureOf(guilty)).isInstanceOf(Failure.TimedOut.class);
    }

    @Test
    @DisplayName("H14: a queue whose turn waits behind another one for a thread of the runtime is not lost, nor what is behind it")
    void waitsBehindAnother() throws Exception {
        Ring hanging = device.ring();
        PointFence guilty = openPatient(hanging, "hangs").submit("guilty");
        List<JobQueue<Object>> innocent = new ArrayList<>();
        List<PointFence> jobs = new ArrayList<>();
        List<Ring> rings = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            rings.add(device.ring());
            innocent.add(openPatient(rings.get(i), "innocent" + i));
            jobs.add(innocent.get(i).submit("repeatable"));
        }
        CountDownLatch goOn = keepWorkers();
        CountDownLatch performed = new CountDownLatch(1);
        Deferred chain = new Keeper(performed, goOn);
        for (JobQueue<Object> queue : innocent) {
            Turn turn = queue.core().completion();
            assertThat(turn.tryEnter()).isTrue();
            turn.next(chain);
            chain = turn;
        }
        runtime.threads().post(chain);
        awaitResetOf(hanging);
        assertThat(performed.getCount()).isEqualTo(1);
        goOn.countDown();
        performed.await();
        for (int i = 0; i < 4; i++) {
            rings.get(i).finishThrough(1);
            assertOk(jobs.get(i));
        }
        assertThat(failureOf(guilty)).isInstanceOf(Failure.TimedOut.class);
    }

    /** Until the latch is let go, no thread of the runtime works off anything. */
    private CountDownLatch keepWorkers() throws InterruptedException {
        CountDownLatch goOn = new CountDownLatch(1);
        CountDownLatch inside = new CountDownLatch(3);
        for (int i = 0; i < 3; i++) {
            runtime.threads().post(new Keeper(inside, goOn));
        }
        inside.await();
        return goOn;
    }

    private void awaitResetOf(Ring hanging) {
        hanging.startsAll = true;
        hanging.link().fault(1, "hangs");
        while (!device.asked.contains("reset")) {
            Thread.onSpinWait();
        }
    }

    /** Keeps a thread of the runtime. */
    private static final class Keeper extends Deferred {
        private final CountDownLatch inside;
        private final CountDownLatch goOn;

        Keeper(CountDownLatch inside, CountDownLatch goOn) {
            this.inside = inside;
            this.goOn = goOn;
        }

        @Override
        protected Deferred perform() {
            inside.countDown();
            spin(goOn);
            return null;
        }
    }

    @Test
    @DisplayName("after a recovery completions do not wait behind runs that block")
    void completesBesideBlockedRuns() throws Exception {
        Ring ring = device.ring();
        ring.mayBlock = true;
        ring.verdict = new Verdict.NoHang();
        JobQueue<Object> queue = openPatient(ring, "q");
        PointFence job = queue.submit("job");
        while (ring.ran.isEmpty()) {
            Thread.onSpinWait();
        }
        CountDownLatch goOn = new CountDownLatch(1);
        CountDownLatch inside = new CountDownLatch(2);
        for (int i = 0; i < 2; i++) {
            Ring blocks = new ResettableDevice().ring();
            blocks.mayBlock = true;
            openPatient(blocks, "blocks" + i).submit((Work) _ -> {
                inside.countDown();
                spin(goOn);
            });
        }
        inside.await();
        ring.link().fault(1, "perhaps");
        while (ring.verdicts.get() == 0 || queue.dump().contains("standing still")) {
            Thread.onSpinWait();
        }
        ring.finishThrough(1);
        try {
            assertThat(job.await(Duration.ofSeconds(5))).isEqualTo(io.ringfence.fence.Outcome.OK);
        } finally {
            goOn.countDown();
        }
    }

    @Test
    @DisplayName("a fault that is told after the runtime has ended starts no thread")
    void faultAfterTheEnd() throws Exception {
        ManualDriver plain = new ManualDriver();
        open(plain, options("plain"));
        DriverLink link = plain.link();
        runtime.close();
        var before = Thread.getAllStackTraces().keySet();
        link.fault(1, "too late");
        assertThat(Thread.getAllStackTraces().keySet().stream().filter(thread -> !before.contains(thread))
                .map(Thread::getName)).noneMatch(name -> name.endsWith("-recovery") || name.endsWith("-watchdog"));
    }

    @Test
    @DisplayName("what hangs on a fence for room is not called by the thread that recovers")
    void banBesideRoom() throws Exception {
        Ring ring = device.ring();
        ring.startsAll = true;
        Ring other = device.ring();
        PointFence innocent = openPatient(other, "other").submit("repeatable");
        JobQueue<Object> queue = open(ring, options("q").withTimeout(SHORT).withHangLimit(0).withCapacity(2));
        CountDownLatch called = new CountDownLatch(1);
        queue.submit("guilty");
        queue.submit("fills");
        // Far enough that it does not come with the guilty one's place.
        var _ = queue.room(2).onDone(() -> {
            while (!innocent.isDone()) {
                Thread.onSpinWait();
            }
            called.countDown();
        });
        while (other.ran.size() < 2) {
            Thread.onSpinWait();
        }
        other.finishThrough(1);
        assertOk(innocent);
        called.await();
    }

    @Test
    @DisplayName("a domain that takes any time for its answers is not lost for it")
    void endlessBound() throws Exception {
        device.bound = Duration.ofSeconds(Long.MAX_VALUE);
        Ring ring = device.ring();
        ring.startsAll = true;
        assertThat(failureOf(openShort(ring, "q").submit("guilty"))).isInstanceOf(Failure.TimedOut.class);
    }
}
