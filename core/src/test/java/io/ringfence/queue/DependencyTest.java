package io.ringfence.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

import io.ringfence.fence.Fence;
import io.ringfence.fence.FenceIssuer;
import io.ringfence.fence.PointFence;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class DependencyTest extends QueueTestBase {
    @Test
    void aJobRunsWhenItsInputIsSignalled() throws Exception {
        var driver = new ManualDriver();
        JobQueue<Object> queue = open(driver);
        FenceIssuer input = issuer("input");
        queue.submit("job", input.fence());
        assertThat(driver.ran).isEmpty();
        assertThat(queue.describe()).contains("seqno 1 waits for input");

        input.signal();

        assertThat(driver.ran).containsExactly(1L);
    }

    @Test
    void jobsBehindAWaitingHeadKeepTheirOrder() throws Exception {
        var driver = new ManualDriver();
        JobQueue<Object> queue = open(driver);
        FenceIssuer input = issuer("input");
        queue.submit("first", input.fence());
        queue.submit("second");
        queue.submit("third");
        assertThat(driver.ran).isEmpty();

        input.signal();

        assertThat(driver.payloads).containsExactly("first", "second", "third");
    }

    @Test
    void aJobThatNamesAJobOfItsOwnQueueGoesToTheDeviceAtOnce() throws Exception {
        var driver = new ManualDriver();
        JobQueue<Object> queue = open(driver);
        PointFence first = queue.submit("first");

        queue.submit("second", first);

        assertThat(driver.ran).containsExactly(1L, 2L);
    }

    @Test
    void onADeviceThatKeepsNoOrderAJobWaitsForAnEarlierOneOfItsQueue() throws Exception {
        var driver = new ManualDriver() {
            @Override
            public boolean executesInOrder() {
                return false;
            }
        };
        JobQueue<Object> queue = open(driver);
        PointFence first = queue.submit("first");
        PointFence second = queue.submit("second", first);
        queue.submit("third", second, first);
        assertThat(driver.ran).containsExactly(1L);

        driver.finish(1);
        assertOk(first);
        while (driver.ran.size() < 2) {
            Thread.onSpinWait();
        }
        assertThat(driver.ran).containsExactly(1L, 2L);

        driver.finish(2);
        assertOk(second);
        while (driver.ran.size() < 3) {
            Thread.onSpinWait();
        }
        assertThat(driver.ran).containsExactly(1L, 2L, 3L);
    }

    @Test
    void aJobThatNamesAJobOfAnotherQueueWaitsForIt() throws Exception {
        var onA = new ManualDriver();
        var onB = new ManualDriver();
        JobQueue<Object> a = open(onA);
        JobQueue<Object> b = open(onB);
        PointFence produced = a.submit("produce");
        PointFence consumed = b.submit("consume", produced);
        assertThat(onB.ran).isEmpty();

        onA.finishThrough(1);
        assertOk(produced);
        onB.finishThrough(1);

        assertOk(consumed);
    }

    @Test
    @DisplayName("H12: a job that waits for another queue arms that queue's device; nobody polls")
    void dependencyArms() throws Exception {
        var onA = new ManualDriver();
        var onB = new InlineDriver();
        JobQueue<Object> a = open(onA);
        JobQueue<Object> b = open(onB);
        PointFence produced = a.submit("produce");
        assertThat(onA.armings).isEmpty();
        b.submit("consume", produced);
        assertThat(onA.armings).containsExactly(1L);

        onA.finishThrough(1);

        while (onB.runs.get() == 0) {
            Thread.onSpinWait();
        }
    }

    @Test
    void fencesThatAreDoneAlreadyDoNotHoldAJob() throws Exception {
        var driver = new ManualDriver();
        JobQueue<Object> queue = open(driver);
        FenceIssuer done = issuer("done");
        done.signal();

        queue.submit("one", done.fence());
        queue.submit("two", done.fence(), done.fence(), done.fence());
        queue.trySubmit("three", done.fence());
        queue.trySubmit("four", done.fence(), done.fence());

        assertThat(driver.ran).containsExactly(1L, 2L, 3L, 4L);
    }

    @Test
    void aJobMayNameAThousandFences() throws Exception {
        var driver = new InlineDriver();
        JobQueue<Object> queue = open(driver);
        List<FenceIssuer> issuers = new ArrayList<>();
        for (int i = 0; i < 1_000; i++) {
            issuers.add(issuer("input " + i));
        }
        PointFence job = queue.submit("job", issuers.stream().map(FenceIssuer::fence).toArray(Fence[]::new));
        Collections.shuffle(issuers, new java.util.Random(1));
        FenceIssuer last = issuers.removeLast();

        issuers.forEach(FenceIssuer::signal);
        assertThat(driver.runs).hasValue(0);
        last.signal();

        assertOk(job);
    }

    @Test
    void theSameFenceMayBeNamedMoreThanOnce() throws Exception {
        JobQueue<Object> queue = open(new InlineDriver());
        FenceIssuer input = issuer("input");
        PointFence job = queue.submit("job", input.fence(), input.fence(), input.fence());
        input.signal();
        assertOk(job);
    }

    @Test
    void tryingWithTwoFencesWaitsForTheOneThatIsPending() throws Exception {
        var driver = new InlineDriver();
        JobQueue<Object> queue = open(driver);
        FenceIssuer done = issuer("done");
        done.signal();
        FenceIssuer pending = issuer("pending");
        queue.trySubmit("job", done.fence(), pending.fence());
        queue.trySubmit("job", pending.fence(), done.fence());
        assertThat(driver.runs).hasValue(0);

        pending.signal();

        assertThat(driver.runs).hasValue(2);
    }

    @Test
    void aNullDependencyIsRefusedBeforeAnythingChanges() {
        JobQueue<Object> queue = open(new InlineDriver());
        assertThatThrownBy(() -> queue.submit("job", (Fence) null)).isInstanceOf(NullPointerException.class);
        assertThatThrownBy(() -> queue.submit("job", issuer("x").fence(), null))
                .isInstanceOf(NullPointerException.class);
        assertThatThrownBy(() -> queue.trySubmit(null)).isInstanceOf(NullPointerException.class);
        assertThat(queue.trySubmit("job")).isEqualTo(1);
    }

    @Test
    void theCallersArrayMayBeReusedAfterSubmission() throws Exception {
        var driver = new InlineDriver();
        JobQueue<Object> queue = open(driver);
        FenceIssuer first = issuer("first");
        FenceIssuer second = issuer("second");
        Fence[] array = {first.fence(), second.fence()};
        queue.submit("job", array);
        array[1] = first.fence();

        first.signal();
        assertThat(driver.runs).hasValue(0);
        second.signal();
        assertThat(driver.runs).hasValue(1);
    }
}
