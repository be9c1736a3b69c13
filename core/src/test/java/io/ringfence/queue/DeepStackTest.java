package io.ringfence.queue;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringfence.fence.Fence;
import io.ringfence.fence.FenceIssuer;
import io.ringfence.fence.Fences;
import io.ringfence.fence.ResultIssuer;
import io.ringfence.fence.SyncObject;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** H7: whoever is near the end of its stack is refused before anything has happened, or served whole. */
@Timeout(180)
class DeepStackTest extends QueueTestBase {
    private static final int ROUNDS = 10;

    @Test
    @DisplayName("H7: a job that names containers is submitted once or not at all, and the queue stays sound")
    void submitting() throws Exception {
        for (int round = 0; round < ROUNDS; round++) {
            InlineDriver driver = new InlineDriver();
            JobQueue<Object> queue = open(driver, options("deep"));
            FenceIssuer first = issuer("first");
            FenceIssuer second = issuer("second");
            SyncObject object = SyncObject.create("object");
            object.add(1, first.fence());
            Fence group = Fences.allOf(first.fence(), second.fence());
            Fence point = object.add(2, group);
            Climber.run(() -> queue.trySubmit("job", point, group));
            first.signal();
            second.signal();
            assertOk(queue.submit("after"));
            assertThat(driver.runs.get()).isEqualTo(2);
            assertThat(queue.describe()).doesNotContain("stopped");
        }
    }

    @Test
    @DisplayName("H7: a result that could not be signalled for want of stack can be signalled with more of it")
    void signallingResults() throws Exception {
        for (int round = 0; round < ROUNDS; round++) {
            ResultIssuer<String> issuer = ResultIssuer.create("deep");
            boolean[] signalled = new boolean[1];
            Climber.run(() -> signalled[0] = issuer.signal("deep"));
            assertThat(signalled[0]).isTrue();
            assertThat(issuer.result().value()).isEqualTo("deep");
        }
    }

    @Test
    @DisplayName("H7: a close that is started deep down ends")
    void closing() throws Exception {
        for (int round = 0; round < ROUNDS; round++) {
            JobQueue<Object> queue = open(new InlineDriver(), options("deep"));
            Climber.run(queue::startClose);
            assertOk(queue.startClose());
        }
    }
}
