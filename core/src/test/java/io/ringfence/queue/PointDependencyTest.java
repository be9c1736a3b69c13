package io.ringfence.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.lang.management.ManagementFactory;
import java.util.List;

import com.sun.management.ThreadMXBean;

import io.ringfence.internal.seam.Checked;
import io.ringfence.fence.Failure;
import io.ringfence.fence.FailureCursor;
import io.ringfence.fence.Outcome;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Dependencies on points that no fence was made for. */
class PointDependencyTest extends LineTestBase {
    private final IllegalStateException broken = new IllegalStateException("broken");
    private final Work throwing = _ -> {
        throw broken;
    };

    private final ManualDriver onA = new ManualDriver();
    private final ManualDriver onB = new ManualDriver();
    private JobQueue<Object> a;
    private JobQueue<Object> b;
    private FailureCursor cursorA;
    private FailureCursor cursorB;

    @BeforeEach
    void openQueues() {
        a = open(onA, options("a"));
        b = open(onB, options("b"));
        cursorA = a.timeline().failureCursor();
        cursorB = b.timeline().failureCursor();
    }

    /** The device's interrupt may have brought the news to another thread, which is just at it. */
    private static void assertSoon(List<?> seen, Object... expected) {
        while (seen.size() < expected.length) {
            Thread.onSpinWait();
        }
        assertThat(List.copyOf(seen)).isEqualTo(List.of(expected));
    }

    private void finishB() {
        finish(b, onB, b.status().issued());
    }

    @Test
    void aJobWaitsForAPointOfAnotherQueue() {
        long input = a.trySubmit("input");
        assertThat(b.trySubmit("job", cursorA, input)).isEqualTo(1);
        assertThat(onB.ran).isEmpty();
        assertThat(b.describe()).contains("seqno 1 waits for a#").contains(":" + input);

        finish(a, onA, input);

        assertSoon(onB.ran, 1L);
        finishB();
        assertThat(cursorB.outcome(1)).isEqualTo(Outcome.OK);
    }

    @Test
    void aJobWaitsForBothOfTwoPoints() {
        JobQueue<Object> c = open(new ManualDriver(), options("c"));
        FailureCursor cursorC = c.timeline().failureCursor();
        var onC = new ManualDriver();
        JobQueue<Object> d = open(onC, options("d"));
        long first = a.trySubmit("first");
        long second = b.trySubmit("second");
        long idle = c.trySubmit("not named");
        assertThat(d.trySubmit("job", cursorA, first, cursorB, second)).isEqualTo(1);
        assertThat(d.trySubmit("other way round", cursorB, second, cursorA, first)).isEqualTo(2);

        finish(b, onB, second);
        assertThat(onC.ran).isEmpty();
        finish(a, onA, first);

        assertSoon(onC.ran, 1L, 2L);
        assertThat(cursorC.outcome(idle)).isEqualTo(Outcome.PENDING);
    }

    @Test
    void aPointThatIsOkAlreadyIsNoDependency() {
        long input = a.trySubmit("input");
        long pending = a.trySubmit("pending");
        finish(a, onA, input);

        b.trySubmit("one", cursorA, input);
        b.trySubmit("two", cursorA, input, cursorA, input);
        assertSoon(onB.ran, 1L, 2L);
        b.trySubmit("three", cursorA, input, cursorA, pending);
        b.trySubmit("four", cursorA, pending, cursorA, input);
        assertSoon(onB.ran, 1L, 2L);
        finish(a, onA, pending);
        assertSoon(onB.ran, 1L, 2L, 3L, 4L);
    }

    @Test
    @DisplayName("H1: a job that names a point which has failed already is not run and fails, named alone, first or second")
    void failedAlready() {
        long bad = a.trySubmit(throwing);
        long good = a.trySubmit("good");
        finish(a, onA, good);
        assertThat(cursorA.outcome(bad)).isEqualTo(Outcome.FAILED);

        b.trySubmit("alone", cursorA, bad);
        b.trySubmit("first", cursorA, bad, cursorA, good);
        b.trySubmit("second", cursorA, good, cursorA, bad);
        b.trySubmit("good", cursorA, good, cursorA, good);
        finishB();

        assertSoon(onB.payloads, "good");
        assertSoon(onB.cancelled, 1L, 2L, 3L);
        for (long seqno = 1; seqno <= 3; seqno++) {
            assertThat(cursorB.failure(seqno))
                    .isEqualTo(new Failure.DependencyFailed(a.timeline() + ":" + bad, new Failure.DriverError(broken)));
        }
        assertThat(cursorB.outcome(4)).isEqualTo(Outcome.OK);
    }

    @Test
    @DisplayName("H1: a job that names a failed and a later ok point of one timeline waits once and fails all the same")
    void collapsed() {
        long bad = a.trySubmit("bad");
        long good = a.trySubmit("good");
        b.trySubmit("job", cursorA, bad, cursorA, good);
        b.trySubmit("other way round", cursorA, good, cursorA, bad);

        onA.fail(bad, broken);
        a.timeline().poll();
        assertThat(cursorA.outcome(bad)).isEqualTo(Outcome.FAILED);
        assertThat(onB.cancelled).as("H10: signals after all its inputs").isEmpty();
        onA.finish(good);
        a.timeline().poll();
        finishB();

        assertThat(onB.ran).isEmpty();
        assertSoon(onB.cancelled, 1L, 2L);
        assertThat(cursorB.failure(1)).isEqualTo(cursorB.failure(2))
                .isEqualTo(new Failure.DependencyFailed(a.timeline() + ":" + bad, new Failure.DriverError(broken)));
    }

    @Test
    @DisplayName("H1: of two failed points the job names the one that was named first, and the root of a chain")
    void chain() {
        long root = a.trySubmit(throwing);
        long passedOn = b.trySubmit("passed on", cursorA, root);
        a.timeline().poll();
        finishB();
        long last = a.trySubmit("last", cursorB, passedOn, cursorA, root);
        a.timeline().poll();

        assertThat(cursorA.failure(last)).isEqualTo(
                new Failure.DependencyFailed(b.timeline() + ":" + passedOn, new Failure.DriverError(broken)));
        assertSoon(onA.cancelled, last);
    }

    @Test
    @DisplayName("H1: a point of the own queue is not waited for, but a job that failed in run fails the one that names it")
    void ownFailsInRun() {
        a.trySubmit("on the device");
        long bad = a.trySubmit(throwing);
        long named = a.trySubmit("named", cursorA, bad);
        long free = a.trySubmit("free", cursorA, 1);

        assertSoon(onA.ran, 1L, free);
        assertSoon(onA.cancelled, named);
        finish(a, onA, free);
        assertThat(cursorA.failure(1)).isNull();
        assertThat(cursorA.failure(named)).isInstanceOf(Failure.DependencyFailed.class);
        assertThat(cursorA.failure(free)).isNull();
    }

    @Test
    @DisplayName("H1: a point of the own queue fails on the device while the job that names it is there too: both fail")
    void ownFailsOnDevice() {
        long bad = a.trySubmit("bad");
        long named = a.trySubmit("named", cursorA, bad);
        long both = a.trySubmit("both", cursorA, bad, cursorA, named);
        long free = a.trySubmit("free");
        assertSoon(onA.ran, bad, named, both, free);

        onA.fail(bad, broken);
        finish(a, onA, free);

        assertThat(cursorA.failure(bad)).isEqualTo(new Failure.DriverError(broken));
        for (long seqno : new long[] {named, both}) {
            assertThat(cursorA.failure(seqno)).isEqualTo(
                    new Failure.DependencyFailed(a.timeline() + ":" + bad, new Failure.DriverError(broken)));
        }
        assertThat(cursorA.failure(free)).isNull();
    }

    @Test
    @DisplayName("H1: on a device that keeps no order a point of the own queue is waited for")
    void ownOutOfOrder() {
        var unordered = new ManualDriver() {
            @Override
            public boolean executesInOrder() {
                return false;
            }
        };
        JobQueue<Object> c = open(unordered, options("c"));
        FailureCursor cursor = c.timeline().failureCursor();
        long first = c.trySubmit("first");
        long second = c.trySubmit("second");
        long third = c.trySubmit("third", cursor, first, cursor, second);
        assertSoon(unordered.ran, first, second);

        unordered.finish(second);
        c.timeline().poll();
        assertSoon(unordered.ran, first, second);
        unordered.finish(first);
        c.timeline().poll();

        assertSoon(unordered.ran, first, second, third);
    }

    @Test
    void aPointThatWasNeverSubmittedIsRefused() {
        long only = a.trySubmit("only");
        for (long seqno : new long[] {only + 1, 0, -1, Long.MAX_VALUE, Long.MIN_VALUE}) {
            assertThatThrownBy(() -> b.trySubmit("job", cursorA, seqno)).isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("point " + seqno).hasMessageContaining("1 to 1");
            assertThatThrownBy(() -> b.trySubmit("job", cursorA, only, cursorA, seqno))
                    .isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> b.trySubmit("job", cursorA, seqno, cursorA, only))
                    .isInstanceOf(IllegalArgumentException.class);
        }
        long next = a.status().claimed() + 1;
        assertThatThrownBy(() -> a.trySubmit("itself", cursorA, next)).isInstanceOf(IllegalArgumentException.class);
        assertThat(b.status().claimed()).isZero();
        assertThat(a.status().claimed()).isEqualTo(only);
    }

    @Test
    void pointsOfAQueueThatHasEndedTellWhatBecameOfThem() throws Exception {
        long bad = a.trySubmit(throwing);
        long good = a.trySubmit("good");
        onA.letGo();
        assertOk(a.startClose());

        b.trySubmit("after the good one", cursorA, good);
        b.trySubmit("after the bad one", cursorA, bad);
        assertSoon(onB.payloads, "after the good one");
        assertSoon(onB.cancelled, 2L);
        assertThatThrownBy(() -> b.trySubmit("job", cursorA, good + 1)).isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("1 to 2");
        finishB();
        assertThat(cursorB.failure(2)).isInstanceOf(Failure.DependencyFailed.class);
    }

    @Test
    @DisplayName("H9: the failure of a point is found however many jobs have failed since, as long as the cursor is kept")
    void manyFailuresSince() {
        long bad = a.trySubmit(throwing);
        for (int i = 0; i < 1000; i++) {
            a.trySubmit((Work) _ -> {
                throw new IllegalArgumentException("another cause");
            });
            a.timeline().poll();
        }
        b.trySubmit("job", cursorA, bad);
        finishB();
        assertThat(cursorB.failure(1)).isEqualTo(
                new Failure.DependencyFailed(a.timeline() + ":" + bad, new Failure.DriverError(broken)));
    }

    @Test
    void aRefusedSubmissionLeavesNothingBehind() {
        JobQueue<Object> small = open(new ManualDriver(), options("small").withCapacity(2));
        long input = a.trySubmit("input");
        assertThat(small.trySubmit("1", cursorA, input)).isEqualTo(1);
        assertThat(small.trySubmit("2", cursorA, input)).isEqualTo(2);
        assertThat(small.trySubmit("3", cursorA, input)).isEqualTo(SubmitCode.FULL);
        b.startClose();
        assertThat(b.trySubmit("late", cursorA, input)).isEqualTo(SubmitCode.CLOSED);
        small.ban("too many hangs");
        assertThat(small.trySubmit("3", cursorA, input, cursorA, input)).isEqualTo(SubmitCode.BANNED);
        assertThat(small.status().claimed()).isEqualTo(2);
    }

    @Test
    @Tag("unchecked")
    @DisplayName("H22: naming points that are settled allocates nothing, not even a byte a job")
    void settledPointsAreFree() {
        assumeFalse(Checked.ON, "the checked mode allocates");
        assumeTrue(ManagementFactory.getThreadMXBean() instanceof ThreadMXBean bean
                && bean.isThreadAllocatedMemorySupported() && bean.isThreadAllocatedMemoryEnabled());
        var bean = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        JobQueue<Object> frugal = runtime.openQueue(new FrugalDriver(), options("frugal"));
        long first = a.trySubmit("first");
        long second = a.trySubmit("second");
        finish(a, onA, second);
        int jobs = 10_000;
        long least = Long.MAX_VALUE;
        // Classes are loaded and the measuring itself is learnt in the first rounds.
        for (int round = 0; round < 5; round++) {
            long before = bean.getCurrentThreadAllocatedBytes();
            for (int i = 0; i < jobs; i++) {
                if (frugal.trySubmit("job", cursorA, first) < 0
                        || frugal.trySubmit("job", cursorA, first, cursorA, second) < 0) {
                    throw new AssertionError("refused: " + frugal.describe());
                }
            }
            least = Math.min(least, bean.getCurrentThreadAllocatedBytes() - before);
        }
        assertThat(least).as("bytes for %s jobs", 2 * jobs).isLessThan(jobs);
    }
}
