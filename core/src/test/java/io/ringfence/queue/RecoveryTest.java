package io.ringfence.queue;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

import io.ringfence.driver.DriverLink;
import io.ringfence.driver.Verdict;
import io.ringfence.fence.Failure;
import io.ringfence.fence.FenceIssuer;
import io.ringfence.fence.Fences;
import io.ringfence.fence.Outcome;
import io.ringfence.fence.PointFence;
import io.ringfence.queue.QueueStatus.Recoveries;
import io.ringfence.queue.ResettableDevice.Ring;

/** Hangs, verdicts, resets, and what becomes of the others. */
class RecoveryTest extends QueueTestBase {
    private static final Duration SHORT = Duration.ofMillis(40);

    private final ResettableDevice device = new ResettableDevice();

    private JobQueue<Object> openShort(Ring ring, String name) {
        return open(ring, options(name).withTimeout(SHORT));
    }

    private JobQueue<Object> openPatient(Ring ring, String name) {
        return open(ring, options(name).withTimeout(QueueOptions.NO_TIMEOUT));
    }

    /** Waits until the driver was asked so often. */
    private static void awaitVerdicts(Ring ring, int count) {
        while (ring.verdicts.get() < count) {
            Thread.onSpinWait();
        }
    }

    @Test
    @DisplayName("T1: a job that does not end times out, and the device is reset for it")
    void timesOut() throws Exception {
        Ring ring = device.ring();
        JobQueue<Object> queue = openShort(ring, "q");
        PointFence job = queue.submit("job");
        ring.start(1);
        Failure failure = failureOf(job);
        assertThat(failure).isInstanceOf(Failure.TimedOut.class);
        assertThat(failure.message()).contains("seqno 1 of queue q#").contains("no progress for")
                .contains("40 ms are allowed");
        assertThat(device.asked).containsExactly("verdict on 1", "quiesce", "reset", "restart 1");
        assertThat(queue.status().recovery()).isEqualTo(new Recoveries(1, 1, 0, 0, 0));
        PointFence next = queue.submit("next");
        ring.finishThrough(2);
        assertOk(next);
    }

    @Test
    @DisplayName("T2: a driver that says it is no hang keeps the job where it is; the job may end well, and its clock has begun anew")
    void noHang() throws Exception {
        Ring ring = device.ring();
        ring.verdict = new Verdict.NoHang();
        JobQueue<Object> queue = openShort(ring, "q");
        PointFence job = queue.submit("job");
        ring.start(1);
        awaitVerdicts(ring, 2);
        assertThat(job.isDone()).isFalse();
        assertThat(ring.onRing()).containsExactly(1L);
        ring.finishThrough(1);
        assertOk(job);
        assertThat(device.asked).allMatch("verdict on 1"::equals);
        assertThat(queue.status().recovery().falseAlarms()).isEqualTo(ring.verdicts.get());
        assertThat(queue.status().recovery().resets()).isZero();
    }

    @Test
    @DisplayName("no hang for ever is bounded: after so many false alarms of one job it is guilty")
    void noHangForEver() throws Exception {
        Ring ring = device.ring();
        ring.verdict = new Verdict.NoHang();
        ring.limit = 3;
        JobQueue<Object> queue = openShort(ring, "q");
        PointFence job = queue.submit("job");
        ring.start(1);
        assertThat(failureOf(job)).isInstanceOf(Failure.TimedOut.class);
        assertThat(ring.verdicts).hasValue(4);
    }

    @Test
    @DisplayName("H4: what the device has not begun is handed over again, in order, and keeps its credits")
    void innocents() throws Exception {
        Ring ring = device.ring();
        JobQueue<Object> queue = open(ring, options("q").withTimeout(SHORT).withCredits(3));
        PointFence guilty = queue.submit("guilty");
        PointFence second = queue.submit("second");
        PointFence third = queue.submit("third");
        PointFence waits = queue.submit("waits for credits");
        ring.start(1);
        assertThat(failureOf(guilty)).isInstanceOf(Failure.TimedOut.class);
        // Its credit lets the last one go.
        while (ring.onRing().size() < 3) {
            Thread.onSpinWait();
        }
        assertThat(ring.ran).containsExactly(1L, 2L, 3L, 2L, 3L, 4L);
        assertThat(ring.epochs.get(2L)).containsExactly(0, 1);
        ring.finishThrough(4);
        assertOk(second);
        assertOk(third);
        assertOk(waits);
        assertThat(queue.status().recovery()).isEqualTo(new Recoveries(1, 1, 0, 2, 0));
        assertThat(queue.dump())
                .contains("1 resets, 1 guilty jobs, 0 false alarms, 2 jobs handed over again, 0 innocent victims");
    }

    @Test
    @DisplayName("H4: of another queue of the domain, a job that was begun is a victim unless it may be repeated, and says so")
    void victims() throws Exception {
        Ring hanging = device.ring();
        Ring adding = device.ring();
        Ring filling = device.ring();
        PointFence guilty = openShort(hanging, "hangs").submit("guilty");
        JobQueue<Object> adds = openPatient(adding, "adds");
        PointFence begun = adds.submit("add");
        PointFence behind = adds.submit("behind it");
        PointFence named = adds.submit("needs it", begun);
        JobQueue<Object> fills = openPatient(filling, "fills");
        PointFence repeated = fills.submit("repeatable fill");
        hanging.start(1);
        adding.start(1);
        filling.start(1);
        assertThat(failureOf(guilty)).isInstanceOf(Failure.TimedOut.class);
        Failure victim = failureOf(begun);
        assertThat(victim).isInstanceOf(Failure.InnocentVictim.class);
        assertThat(victim.message()).contains("seqno 1 of queue hangs#");
        while (filling.onRing().isEmpty() || adding.onRing().isEmpty()) {
            Thread.onSpinWait();
        }
        adding.finishThrough(2);
        filling.finishThrough(1);
        assertOk(behind);
        assertOk(repeated);
        assertThat(failureOf(named).root()).isEqualTo(victim);
        assertThat(adding.ran).as("what needs the victim is not run again").containsExactly(1L, 2L, 3L, 2L);
        assertThat(adding.cancelled).containsExactly(3L);
        assertThat(adds.status().recovery()).isEqualTo(new Recoveries(1, 0, 0, 2, 1));
        assertThat(fills.status().recovery()).isEqualTo(new Recoveries(1, 0, 0, 1, 0));
    }

    @Test
    @DisplayName("H4: a job that depends on the guilty one in its own ring is not run again")
    void dependsOnTheGuilty() throws Exception {
        Ring ring = device.ring();
        JobQueue<Object> queue = openShort(ring, "q");
        PointFence guilty = queue.submit("guilty");
        PointFence after = queue.submit("after", guilty);
        ring.start(1);
        assertThat(failureOf(after).root()).isInstanceOf(Failure.TimedOut.class);
        assertThat(ring.ran).containsExactly(1L, 2L);
    }

    @Test
    @DisplayName("H5: a job that turns out to be complete by the device's last word is not blamed, and nothing is reset")
    void lateVerdict() throws Exception {
        Ring ring = device.ring();
        device.quiescing = () -> {
            ring.finishQuietlyThrough(1);
            return Fences.signalled();
        };
        JobQueue<Object> queue = openShort(ring, "q");
        PointFence job = queue.submit("slow");
        PointFence next = queue.submit("next");
        ring.start(1);
        assertOk(job);
        ring.finishThrough(2);
        assertOk(next);
        assertThat(device.asked).startsWith("verdict on 1", "quiesce", "resume");
        assertThat(ring.ran).containsExactly(1L, 2L);
        assertThat(queue.status().recovery().hangs()).isZero();
    }

    @Test
    @DisplayName("H5: what the device told before the watchdog looked is not asked about")
    void harvestedFirst() throws Exception {
        Ring ring = device.ring();
        JobQueue<Object> queue = openShort(ring, "q");
        PointFence job = queue.submit("quiet");
        ring.finishQuietlyThrough(1);
        // Nobody polls but the watchdog.
        assertOk(job);
        assertThat(ring.verdicts).hasValue(0);
    }

    @Test
    @DisplayName("H5: completions that are pushed over the link of a former epoch do not count")
    void oldLink() throws Exception {
        Ring ring = device.ring();
        JobQueue<Object> queue = openShort(ring, "q");
        DriverLink old = ring.link();
        PointFence guilty = queue.submit("guilty");
        PointFence replayed = queue.submit("replayed");
        ring.start(1);
        assertThat(failureOf(guilty)).isInstanceOf(Failure.TimedOut.class);
        while (ring.onRing().isEmpty()) {
            Thread.onSpinWait();
        }
        old.completedThrough(2);
        old.completed(2);
        old.failed(2, new IllegalStateException("of another life"));
        old.fault(2, "of another life");
        assertThat(replayed.await(Duration.ZERO)).isEqualTo(Outcome.PENDING);
        ring.link().completed(2);
        assertOk(replayed);
        assertThat(queue.status().recovery().resets()).isEqualTo(1);
    }

    @Test
    @DisplayName("H16: the clock stands while the driver says that the device is not at work on the ring")
    void notExecuting() throws Exception {
        Ring away = device.ring();
        away.executing = false;
        Ring other = device.ring();
        JobQueue<Object> queue = openShort(away, "away");
        PointFence job = queue.submit("waits for its turn on the device");
        // Another queue's hang tells that enough time has passed.
        PointFence guilty = openShort(other, "other").submit("guilty");
        other.start(1);
        assertThat(failureOf(guilty)).isInstanceOf(Failure.TimedOut.class);
        assertThat(away.verdicts).hasValue(0);
        while (away.ran.size() < 2) {
            Thread.onSpinWait();
        }
        away.finishThrough(1);
        assertOk(job);
    }

    @Test
    @DisplayName("S58: a device that tells of a fault has its verdict asked for at once")
    void fault() throws Exception {
        Ring ring = device.ring();
        JobQueue<Object> queue = openPatient(ring, "q");
        queue.submit("fine");
        PointFence broken = queue.submit("broken");
        ring.finishThrough(1);
        ring.start(2);
        ring.link().fault(0, "page fault at 0x40");
        Failure failure = failureOf(broken);
        assertThat(failure).isInstanceOf(Failure.TimedOut.class);
        assertThat(failure.message()).contains("page fault at 0x40").contains("seqno 2");
        ring.link().fault(0, "nothing is on the device any more");
        PointFence next = queue.submit("next");
        ring.finishThrough(3);
        assertOk(next);
        assertThat(queue.status().recovery().hangs()).isEqualTo(1);
    }

    @Test
    @DisplayName("a device that does not answer is lost, after it was asked twice")
    void noAnswer() throws Exception {
        device.bound = SHORT;
        FenceIssuer never = issuer("never");
        device.quiescing = never::fence;
        Ring ring = device.ring();
        JobQueue<Object> queue = openShort(ring, "q");
        PointFence job = queue.submit("job");
        ring.start(1);
        Failure failure = failureOf(job);
        assertThat(failure).isInstanceOf(Failure.DeviceLost.class);
        assertThat(failure.message()).contains("quiesce of failure domain test device was not answered within");
        assertThat(device.asked).containsExactly("verdict on 1", "quiesce", "quiesce");
        assertThat(failureOf(queue.submit("later"))).isEqualTo(failure);
    }

    @Test
    @DisplayName("a reset that fails once is tried again; one that fails twice loses the device, for all its queues")
    void failingReset() throws Exception {
        Ring ring = device.ring();
        Ring other = device.ring();
        JobQueue<Object> queue = openShort(ring, "q");
        JobQueue<Object> beside = openPatient(other, "beside");
        int[] calls = {0};
        device.resetting = () -> calls[0]++ == 0 ? Fences.failed("reset", new Failure.Cancelled("not now"))
                : Fences.signalled();
        PointFence job = queue.submit("job");
        ring.start(1);
        assertThat(failureOf(job)).isInstanceOf(Failure.TimedOut.class);
        assertThat(calls[0]).isEqualTo(2);

        device.resetting = () -> Fences.failed("reset", new Failure.Cancelled("never"));
        PointFence again = queue.submit("again");
        PointFence innocent = beside.submit("innocent");
        ring.start(2);
        assertThat(failureOf(again)).isInstanceOf(Failure.TimedOut.class);
        Failure failure = failureOf(innocent);
        assertThat(failure).isInstanceOf(Failure.DeviceLost.class);
        assertThat(failure.message()).contains("reset of failure domain test device failed").contains("never");
    }

    @Test
    @DisplayName("a verdict that the device is lost ends all jobs of the domain, and says why")
    void lostByVerdict() throws Exception {
        Ring ring = device.ring();
        Ring other = device.ring();
        ring.verdict = new Verdict.DeviceLost("fell off the bus");
        PointFence innocent = openPatient(other, "beside").submit("innocent");
        PointFence job = openShort(ring, "q").submit("job");
        ring.start(1);
        assertThat(failureOf(job).message()).contains("fell off the bus").contains("memory may still be written");
        assertThat(failureOf(innocent)).isEqualTo(failureOf(job));
        assertThat(device.asked).containsExactly("verdict on 1");
    }

    @Test
    @DisplayName("past its hang limit a queue is banned: what it holds fails, what comes is refused, by name")
    void banned() throws Exception {
        Ring ring = device.ring();
        ring.startsAll = true;
        JobQueue<Object> queue = open(ring, options("q").withTimeout(SHORT).withHangLimit(1));
        assertThat(failureOf(queue.submit("first"))).isInstanceOf(Failure.TimedOut.class);
        FenceIssuer input = issuer("input");
        PointFence waiting = queue.submit("waits", input.fence());
        assertThat(queue.cancel(waiting)).isTrue();
        input.signal();
        PointFence second = queue.submit("second");
        assertThat(failureOf(second)).isInstanceOf(Failure.TimedOut.class);
        while (!queue.status().closed()) {
            Thread.onSpinWait();
        }
        assertThat(queue.trySubmit("third")).isEqualTo(SubmitCode.BANNED);
    }

    @Test
    @DisplayName("guilt reaches the client: past its own limit all its queues are banned")
    void bannedClient() throws Exception {
        Ring ring = device.ring();
        ring.startsAll = true;
        Ring other = new ResettableDevice().ring();
        try (Client client = runtime.openClient("greedy", 0)) {
            JobQueue<Object> queue = client.openQueue(ring, options("q").withTimeout(SHORT));
            JobQueue<Object> beside = client.openQueue(other, options("beside"));
            assertThat(failureOf(queue.submit("job"))).isInstanceOf(Failure.TimedOut.class);
            while (beside.trySubmit("more") != SubmitCode.BANNED) {
                Thread.onSpinWait();
                other.letGo();
            }
            assertThat(client.usage().hangs()).isEqualTo(1);
        }
    }

    @Test
    @DisplayName("H16: a job whose ring the device does not even begin is nobody's fault; if that goes on the device is lost")
    void neverBegun() throws Exception {
        Ring ring = device.ring();
        JobQueue<Object> queue = open(ring, options("q").withTimeout(SHORT).withHangLimit(2));
        PointFence job = queue.submit("unseen");
        Failure failure = failureOf(job);
        assertThat(failure).isInstanceOf(Failure.DeviceLost.class);
        assertThat(failure.message()).contains("is not begun though the device was reset");
        assertThat(ring.ran).containsExactly(1L, 1L, 1L);
        assertThat(queue.status().recovery()).isEqualTo(new Recoveries(2, 0, 0, 2, 0));
    }

    @Test
    @DisplayName("a job that was cancelled on the device is not handed over again")
    void cancelledOnDevice() throws Exception {
        Ring ring = device.ring();
        JobQueue<Object> queue = openShort(ring, "q");
        PointFence guilty = queue.submit("guilty");
        PointFence unwanted = queue.submit("unwanted");
        PointFence wanted = queue.submit("wanted");
        assertThat(queue.cancel(unwanted)).isTrue();
        ring.start(1);
        assertThat(failureOf(guilty)).isInstanceOf(Failure.TimedOut.class);
        assertThat(failureOf(unwanted)).isInstanceOf(Failure.Cancelled.class);
        while (ring.onRing().isEmpty()) {
            Thread.onSpinWait();
        }
        ring.finishThrough(3);
        assertOk(wanted);
        assertThat(ring.ran).containsExactly(1L, 2L, 3L, 3L);
        assertThat(ring.cancelled).containsExactly(2L);
    }

    @Test
    @DisplayName("a limit of a job counts in place of the queue's, also where that has none")
    void limitOfAJob() throws Exception {
        Ring ring = device.ring();
        PayloadTraits<Object> traits = PayloadTraits.<Object>plain()
                .withLimit(payload -> payload.equals("short") ? SHORT : null);
        JobQueue<Object> queue = runtime.openQueue(ring, options("q").withTimeout(QueueOptions.NO_TIMEOUT), traits);
        PointFence patient = queue.submit("long");
        PointFence job = queue.submit("short");
        ring.start(1);
        ring.finishThrough(1);
        assertOk(patient);
        ring.start(2);
        assertThat(failureOf(job).message()).contains("40 ms are allowed");
        queue.close();
        ring.letGo();
    }

    @Test
    @DisplayName("S59: a suspended clock does not run; what is left comes back with it")
    void suspendedClock() throws Exception {
        Ring ring = device.ring();
        Ring other = device.ring();
        JobQueue<Object> queue = openShort(ring, "q");
        assertThat(queue.suspendTimeout()).isEqualTo(SHORT);
        PointFence job = queue.submit("job");
        ring.start(1);
        PointFence guilty = openShort(other, "other").submit("guilty");
        other.startsAll = true;
        assertThat(failureOf(guilty)).isInstanceOf(Failure.TimedOut.class);
        assertThat(ring.verdicts).hasValue(0);
        assertThat(failureOf(job)).as("it was begun when the other one hung")
                .isInstanceOf(Failure.InnocentVictim.class);
        PointFence next = queue.submit("next");
        ring.start(2);
        queue.resumeTimeout(SHORT);
        assertThat(failureOf(next)).isInstanceOf(Failure.TimedOut.class);
    }

    @Test
    @DisplayName("a queue without a failure domain is not taken to hang unless it is given a timeout; then the device is lost")
    void noDomain() throws Exception {
        ManualDriver plain = new ManualDriver();
        JobQueue<Object> queue = open(plain, options("plain").withTimeout(SHORT));
        Failure failure = failureOf(queue.submit("job"));
        assertThat(failure).isInstanceOf(Failure.DeviceLost.class);
        assertThat(failure.message()).contains("cannot be reset");
        assertThat(open(new ManualDriver(), options("other")).suspendTimeout()).isEqualTo(QueueOptions.NO_TIMEOUT);
    }

    @Test
    @DisplayName("H14: a queue that is killed or closed in the middle of its recovery ends")
    void killedMeanwhile() throws Exception {
        FenceIssuer stopped = issuer("stopped");
        device.quiescing = stopped::fence;
        Ring ring = device.ring();
        JobQueue<Object> queue = openShort(ring, "q");
        PointFence guilty = queue.submit("guilty");
        PointFence second = queue.submit("second");
        ring.start(1);
        while (!device.asked.contains("quiesce")) {
            Thread.onSpinWait();
        }
        var end = queue.kill();
        assertThat(queue.dump()).contains("standing still for recovery");
        assertThat(end.await(Duration.ZERO)).isEqualTo(Outcome.PENDING);
        stopped.signal();
        assertOk(end);
        assertThat(failureOf(guilty)).isInstanceOf(Failure.TimedOut.class);
        assertThat(failureOf(second)).isInstanceOf(Failure.Cancelled.class);
        assertThat(ring.cancelled).containsExactly(2L);
    }

    @Test
    @DisplayName("a queue that is opened while its domain is recovered waits with its first job until that is over")
    void openedMeanwhile() throws Exception {
        FenceIssuer stopped = issuer("stopped");
        device.quiescing = stopped::fence;
        Ring ring = device.ring();
        PointFence guilty = openShort(ring, "q").submit("guilty");
        ring.start(1);
        while (!device.asked.contains("quiesce")) {
            Thread.onSpinWait();
        }
        Ring late = device.ring();
        PointFence job = openPatient(late, "late").submit("job");
        assertThat(late.ran).isEmpty();
        stopped.signal();
        assertThat(failureOf(guilty)).isInstanceOf(Failure.TimedOut.class);
        while (late.ran.isEmpty()) {
            Thread.onSpinWait();
        }
        late.finishThrough(1);
        assertOk(job);
    }

    @Test
    @DisplayName("H14: a run that never returns is reported with its stack, and the others of its domain are recovered without it")
    void runThatNeverReturns() throws Exception {
        device.bound = Duration.ofMillis(100);
        Ring stuck = device.ring();
        Ring other = device.ring();
        JobQueue<Object> queue = openShort(stuck, "stuck");
        JobQueue<Object> beside = openShort(other, "beside");
        CountDownLatch goOn = new CountDownLatch(1);
        CountDownLatch told = new CountDownLatch(1);
        Work work = _ -> {
            while (goOn.getCount() != 0) {
                Thread.onSpinWait();
            }
        };
        try (LogCapture log = new LogCapture(text -> {
            if (text.contains("run of seqno 1 has not returned")) {
                told.countDown();
            }
        })) {
            var submitter = start("stuck-submitter", () -> {
                var _ = queue.submit(work);
            });
            told.await();
            assertThat(log.messages())
                    .anyMatch(text -> text.contains("stuck-submitter") && text.contains("RecoveryTest.lambda"));
            PointFence guilty = beside.submit("guilty");
            PointFence innocent = beside.submit("innocent");
            other.start(1);
            assertThat(failureOf(guilty)).isInstanceOf(Failure.TimedOut.class);
            while (other.onRing().isEmpty()) {
                Thread.onSpinWait();
            }
            other.finishThrough(2);
            assertOk(innocent);
            goOn.countDown();
            submitter.get();
            assertThat(failureOf(queue.submit("later"))).isInstanceOf(Failure.DeviceLost.class);
        }
    }

    @Test
    @DisplayName("a job that waits to be handed over again is not taken for one that its driver does not give back")
    void frozenWithReplays() throws Exception {
        Ring ring = device.ring();
        JobQueue<Object> queue = openPatient(ring, "q");
        PointFence innocent = queue.submit("repeatable");
        assertOk(queue.freeze());
        Ring hanging = device.ring();
        PointFence guilty = openPatient(hanging, "hangs").submit("guilty");
        hanging.startsAll = true;
        hanging.link().fault(1, "hangs");
        assertThat(failureOf(guilty)).isInstanceOf(Failure.TimedOut.class);
        Spin.until(() -> queue.status().recovery().replayed() == 1);
        assertThat(queue.core().issue().runs().runningOpaque()).isZero();
        queue.thaw();
        Spin.until(() -> ring.ran.size() == 2);
        ring.finishThrough(1);
        assertOk(innocent);
    }

    @Test
    @DisplayName("Y-21: a frozen queue hands nothing over, takes jobs and completes them, and is open; thawed, it goes on")
    void frozen() throws Exception {
        Ring ring = device.ring();
        JobQueue<Object> queue = openPatient(ring, "q");
        PointFence before = queue.submit("before");
        assertOk(queue.freeze());
        PointFence after = queue.submit("after");
        PointFence unwanted = queue.submit("unwanted");
        assertThat(queue.cancel(unwanted)).isTrue();
        ring.finishThrough(1);
        assertOk(before);
        assertThat(ring.ran).containsExactly(1L);
        assertThat(queue.status().closed()).isFalse();
        queue.thaw();
        // By whoever has the turn now, which may be a thread of the runtime's that has just retired the first.
        Spin.until(() -> ring.ran.size() == 2);
        assertThat(ring.ran).containsExactly(1L, 2L);
        ring.finishThrough(2);
        assertOk(after);
        assertThat(failureOf(unwanted)).isInstanceOf(Failure.Cancelled.class);
        assertOk(queue.freeze());
        PointFence last = queue.submit("last");
        assertOk(queue.kill());
        assertThat(failureOf(last)).isInstanceOf(Failure.Cancelled.class);
        assertThat(List.copyOf(ring.ran)).containsExactly(1L, 2L);
    }
}
