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
@Timeout(60)
class DeepStackTest extends QueueTestBase {
    private static final int STACK = 200 * 1024;
    private static final int SPAN = 400;

    private interface Body {
        void run();
    }

    private static int dive(int depth, Body body) {
        if (depth == 0) {
            body.run();
            return 0;
        }
        return dive(depth - 1, body) + 1;
    }

    /** Whether the body ran to its end that deep; it may have overflowed the stack. */
    private static boolean endsAt(int depth, Body body) throws InterruptedException {
        boolean[] ended = new boolean[1];
        Thread diver = new Thread(null, () -> {
            try {
                dive(depth, body);
                ended[0] = true;
            } catch (StackOverflowError expected) {
                ended[0] = false;
            }
        }, "diver", STACK);
        diver.start();
        diver.join();
        return ended[0];
    }

    private static int deepest() throws InterruptedException {
        int low = 10;
        int high = 100_000;
        while (high - low > 1) {
            int middle = (low + high) >>> 1;
            if (endsAt(middle, () -> {
            })) {
                low = middle;
            } else {
                high = middle;
            }
        }
        return low;
    }

    @Test
    @DisplayName("H7: a job that names containers is submitted once or not at all, and the queue stays sound")
    void submitting() throws Exception {
        int deepest = deepest();
        int refused = 0;
        for (int depth = Math.max(1, deepest - SPAN); depth < deepest; depth += 3) {
            InlineDriver driver = new InlineDriver();
            JobQueue<Object> queue = open(driver, options("deep"));
            FenceIssuer first = issuer("first");
            FenceIssuer second = issuer("second");
            SyncObject object = SyncObject.create("object");
            object.add(1, first.fence());
            Fence group = Fences.allOf(first.fence(), second.fence());
            Fence point = object.add(2, group);
            boolean submitted = endsAt(depth, () -> queue.trySubmit("job", point, group));
            first.signal();
            second.signal();
            assertOk(queue.submit("after"));
            assertThat(driver.runs.get()).as("at depth %s", depth).isEqualTo(submitted ? 2 : 1);
            assertThat(queue.describe()).doesNotContain("stopped");
            refused += submitted ? 0 : 1;
        }
        assertThat(refused).as("times that it was too deep").isPositive();
    }

    @Test
    @DisplayName("H7: a result that could not be signalled for want of stack can be signalled afterwards")
    void signallingResults() throws Exception {
        int deepest = deepest();
        int refused = 0;
        for (int depth = Math.max(1, deepest - SPAN); depth < deepest; depth++) {
            ResultIssuer<String> issuer = ResultIssuer.create("deep");
            boolean signalled = endsAt(depth, () -> issuer.signal("deep"));
            if (!signalled) {
                refused++;
                assertThat(issuer.signal("shallow")).as("at depth %s", depth).isTrue();
            }
            assertThat(issuer.result().value()).isEqualTo(signalled ? "deep" : "shallow");
        }
        assertThat(refused).as("times that it was too deep").isPositive();
    }

    @Test
    @DisplayName("H7: a close that is started deep down ends")
    void closing() throws Exception {
        int deepest = deepest();
        for (int depth = Math.max(1, deepest - SPAN); depth < deepest; depth += 3) {
            JobQueue<Object> queue = open(new InlineDriver(), options("deep"));
            endsAt(depth, queue::startClose);
            assertOk(queue.startClose());
        }
    }
}
