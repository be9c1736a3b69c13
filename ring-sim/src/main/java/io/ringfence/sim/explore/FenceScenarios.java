package io.ringfence.sim.explore;

import java.time.Duration;

import io.ringfence.fence.Fence;
import io.ringfence.fence.FenceIssuer;
import io.ringfence.fence.Fences;
import io.ringfence.fence.Outcome;
import io.ringfence.fence.PointFence;
import io.ringfence.fence.Registration;
import io.ringfence.fence.SyncObject;

import java.util.List;

/** Those who wait. */
final class FenceScenarios {

    private FenceScenarios() {
    }

    static List<Scenario> all() {
        return List.of(
                new Scenario("await", "waiters that come early, late and give up", true, FenceScenarios::await),
                new Scenario("callbacks", "callbacks are registered and taken back while the fence is signalled", true,
                        FenceScenarios::callbacks),
                new Scenario("interrupted-await", "a waiter is interrupted while its fence is signalled", true,
                        FenceScenarios::interruptedAwait),
                new Scenario("await-on-queue", "waiters on points of a queue, some give up", false,
                        FenceScenarios::awaitOnQueue),
                new Scenario("abandoned", "an issuer is collected while somebody waits", false,
                        FenceScenarios::abandoned),
                new Scenario("sync-object", "points are added and signalled by two, waited for by a third", false,
                        FenceScenarios::syncObject),
                new Scenario("await-any", "the first of three fences", false, FenceScenarios::awaitAny));
    }

    private static void await(Stage stage) {
        FenceIssuer issuer = stage.issuer("fence");
        stage.task("patient", () -> stage.require(issuer.fence().await() == Outcome.OK, "it was signalled ok"));
        stage.task("impatient", () -> {
            var _ = issuer.fence().await(Duration.ofNanos(1));
        });
        stage.task("signaller", () -> {
            boolean _ = issuer.signal();
        });
    }

    private static void callbacks(Stage stage) {
        FenceIssuer issuer = stage.issuer("fence");
        int[] calls = new int[2];
        boolean[] cancelled = new boolean[1];
        stage.task("registrant", () -> {
            Registration _ = issuer.fence().onDone(() -> calls[0]++);
            Registration back = issuer.fence().onDone(() -> calls[1]++);
            cancelled[0] = back.cancel();
        });
        stage.task("signaller", () -> {
            boolean _ = issuer.signal();
        });
        stage.task("judge", () -> {
            var _ = issuer.fence().await();
        });
        stage.world().invariant(() -> {
            if (calls[0] > 1 || calls[1] > 1 || cancelled[0] && calls[1] != 0) {
                stage.world()
                        .violate("called " + calls[0] + " and " + calls[1] + " times; taken back: " + cancelled[0]);
            }
        });
    }

    private static void interruptedAwait(Stage stage) {
        FenceIssuer issuer = stage.issuer("fence");
        Task waiter = stage.task("waiter", () -> {
            try {
                var _ = issuer.fence().await();
            } catch (InterruptedException expected) {
                stage.world().note("was interrupted");
            }
        });
        stage.task("interrupter", () -> stage.world().interrupt(waiter));
        stage.task("signaller", () -> {
            boolean _ = issuer.signal();
        });
    }

    private static void awaitOnQueue(Stage stage) {
        StageQueue queue = stage.open("q", Stage.Setting.USUAL.credits(1));
        stage.task("submitter", () -> {
            PointFence first = queue.submit(new Job("first"));
            PointFence second = queue.submit(new Job("second"));
            stage.task("patient", () -> stage.require(second.await() == Outcome.OK, "second is ok"));
            stage.task("impatient", () -> {
                var _ = first.await(Duration.ofNanos(1));
                var _ = second.await(Duration.ofMillis(1));
            });
            stage.task("third", () -> stage.require(first.await() == Outcome.OK, "first is ok"));
        });
    }

    private static void abandoned(Stage stage) {
        StageQueue queue = stage.open("q");
        FenceIssuer[] issuer = {FenceIssuer.create("left alone")};
        var fence = issuer[0].fence();
        stage.task("waiter", () -> stage.require(fence.await() == Outcome.FAILED, "what is abandoned fails"));
        stage.task("submitter", () -> {
            var _ = queue.submit(new Job("depends"), fence);
        });
        stage.task("fate", () -> {
            Object handle = issuer[0];
            issuer[0] = null;
            stage.world().collect(handle);
        });
    }

    private static void syncObject(Stage stage) {
        SyncObject line = SyncObject.create("line");
        FenceIssuer late = stage.issuer("late");
        stage.task("adder", () -> {
            var _ = line.add(1, late.fence());
            line.signal(2);
        });
        stage.task("signaller", () -> {
            boolean _ = late.signal();
        });
        stage.task("waiter", () -> {
            Fence second = stage.submitted(line, 2);
            stage.require(second.await() == Outcome.OK, "2 is ok");
            stage.require(line.query() == 2, "the object has come to 2, not to " + line.query());
        });
        stage.task("early", () -> stage.require(stage.submitted(line, 1).await() == Outcome.OK, "1 is ok"));
    }

    private static void awaitAny(Stage stage) {
        FenceIssuer one = stage.issuer("one");
        FenceIssuer two = stage.issuer("two");
        StageQueue queue = stage.open("q");
        stage.task("waiter", () -> {
            PointFence job = queue.submit(new Job("job"));
            List<Fence> all = List.of(one.fence(), two.fence(), job);
            int first = -1;
            while (first < 0) {
                first = Fences.awaitAny(all, Duration.ofDays(1));
            }
            stage.require(all.get(first).isDone(), "what is told is done");
        });
        stage.task("one", () -> {
            boolean _ = one.signal();
        });
        stage.task("two", () -> {
            boolean _ = two.signal();
        });
    }
}
