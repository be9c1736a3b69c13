package io.ringfence.sim.explore;

import java.util.List;

import io.ringfence.fence.Outcome;
import io.ringfence.fence.PointFence;
import io.ringfence.sim.explore.Device.Style;
import io.ringfence.sim.explore.Stage.Setting;

/** Jobs that wait for those of other queues on the device. */
final class DeviceWaitScenarios {

    private DeviceWaitScenarios() {
    }

    static List<Scenario> all() {
        return List.of(
                new Scenario("device-wait", "a job is handed over beside the one that its device makes wait for it",
                        true, DeviceWaitScenarios::oneWait),
                new Scenario("device-waits", "two queues wait for each other on the device, with one credit each",
                        false,
                        DeviceWaitScenarios::pingPong),
                new Scenario("device-wait-row",
                        "jobs of three queues wait for each other on the device, all the way round",
                        false, DeviceWaitScenarios::row),
                new Scenario("device-wait-words",
                        "of those that wait for each other, one failed, and their devices tell by a word how far they are",
                        false, DeviceWaitScenarios::words),
                new Scenario("device-wait-steps",
                        "two wait for each other all along, and one look may find all of it done", false,
                        DeviceWaitScenarios::steps),
                new Scenario("device-wait-hangs", "what is waited for never ends: the one that waits was handed over",
                        false, DeviceWaitScenarios::hangs),
                new Scenario("device-wait-next", "two hand over one job each, and somebody waits for the second", false,
                        DeviceWaitScenarios::next),
                new Scenario("device-wait-both", "somebody waits for a job with two inputs on the device", false,
                        DeviceWaitScenarios::both),
                new Scenario("device-wait-fails", "what is waited for fails, or never reaches the device", false,
                        DeviceWaitScenarios::fails),
                new Scenario("device-wait-cancel", "the one that waits is cancelled, and what it waits for is killed",
                        false, DeviceWaitScenarios::cancel),
                new Scenario("device-wait-polls",
                        "somebody waits for the one that waits, and another polls when a callback has returned",
                        false, DeviceWaitScenarios::polls),
                new Scenario("device-wait-throws", "the run of the one that waits throws", false,
                        DeviceWaitScenarios::throwing));
    }

    private static void oneWait(Stage stage) {
        stage.watch();
        StageQueue a = stage.openThatWaits("a", Setting.USUAL);
        StageQueue b = stage.openThatWaits("b", Setting.USUAL);
        PointFence[] first = new PointFence[1];
        var submitted = stage.issuer("submitted");
        stage.task("producer", () -> {
            first[0] = a.submit(new Job("first"));
            boolean _ = submitted.signal();
        });
        stage.task("consumer", () -> {
            var _ = submitted.fence().await();
            var _ = b.submit(new Job("second"), first[0]);
        });
    }

    private static void pingPong(Stage stage) {
        StageQueue a = stage.openThatWaits("a", Setting.USUAL.credits(1));
        StageQueue b = stage.openThatWaits("b", Setting.USUAL.credits(1).outOfOrder());
        stage.task("submitter", () -> {
            PointFence a1 = a.submit(new Job("a1"));
            PointFence b1 = b.submit(new Job("b1"), a1);
            PointFence a2 = a.submit(new Job("a2"), b1, a1);
            var _ = b.submit(new Job("b2"), a2, b1);
        });
        stage.task("other", () -> {
            PointFence b3 = b.submit(new Job("b3"));
            var _ = a.submit(new Job("a3"), b3);
        });
    }

    /** Who has another one finish what is waited for finds that this one waits for a third. */
    private static void row(Stage stage) {
        StageQueue a = stage.openThatWaits("a", Setting.USUAL);
        StageQueue b = stage.openThatWaits("b", Setting.USUAL);
        StageQueue c = stage.openThatWaits("c", Setting.USUAL);
        stage.task("submitter", () -> {
            PointFence a1 = a.submit(new Job("a1"));
            PointFence b1 = b.submit(new Job("b1"), a1);
            PointFence c1 = c.submit(new Job("c1"), b1);
            PointFence a2 = a.submit(new Job("a2"), c1);
            PointFence b2 = b.submit(new Job("b2"), a2);
            stage.require(b2.await() == Outcome.OK, "the last job is done");
        });
    }

    /** A word tells of no outcome: who waits learns from what it waited for how it ended. */
    private static void words(Stage stage) {
        stage.watch();
        StageQueue a = stage.openThatWaits("a", Setting.USUAL);
        StageQueue b = stage.openThatWaits("b", Setting.USUAL.style(Style.COMPARE));
        StageQueue c = stage.openThatWaits("c", Setting.USUAL.style(Style.COMPARE));
        stage.task("submitter", () -> {
            PointFence a1 = a.submit(new Job("a1"));
            PointFence a2 = a.submit(new Job("a2").failing());
            PointFence b1 = b.submit(new Job("b1"), a1);
            PointFence b2 = b.submit(new Job("b2"), a2);
            PointFence c1 = c.submit(new Job("c1"), b1);
            PointFence c2 = c.submit(new Job("c2"), b2);
            stage.require(c2.await() == Outcome.FAILED, "what comes after one that failed has failed");
            stage.require(c1.await() == Outcome.OK, "what comes after others is ok");
        });
    }

    /** Whoever looks finishes both queues in step. The last job of the one needs what both jobs before it give back. */
    private static void steps(Stage stage) {
        StageQueue a = stage.openThatWaits("a", Setting.USUAL.style(Style.COMPARE).credits(2));
        StageQueue b = stage.openThatWaits("b", Setting.USUAL.style(Style.COMPARE));
        PointFence[] last = new PointFence[1];
        var submitted = stage.issuer("submitted");
        stage.task("submitter", () -> {
            PointFence a1 = a.submit(new Job("a1"));
            PointFence b1 = b.submit(new Job("b1"), a1);
            PointFence a2 = a.submit(new Job("a2"), b1);
            last[0] = b.submit(new Job("b2"), a2);
            boolean _ = submitted.signal();
            PointFence wide = a.submit(new Job("wide").cost(2));
            stage.require(wide.await() == Outcome.OK, "what waited for credits is done");
        });
        stage.task("other", () -> {
            var _ = submitted.fence().await();
            b.get().timeline().poll();
            stage.require(last[0].await() == Outcome.OK, "the chain is done");
        });
    }

    /** A head is told when what it waits for is handed over, not only when that is complete. */
    private static void hangs(Stage stage) {
        StageQueue a = stage.openThatWaits("a", Setting.USUAL);
        StageQueue b = stage.openThatWaits("b", Setting.USUAL);
        var gate = stage.issuer("gate");
        Job second = new Job("second");
        stage.task("opener", () -> {
            boolean _ = gate.signal();
        });
        stage.task("submitter", () -> {
            PointFence first = a.submit(new Job("first").hanging(), gate.fence());
            var _ = b.submit(second, first);
            stage.world().awaitQuiet();
            stage.require(second.runs == 1, "the second job is handed over when the first is");
            boolean _ = a.get().cancel(first);
        });
    }

    /** Who tells of the first job holds those aside who wait for the second. */
    private static void next(Stage stage) {
        StageQueue a = stage.openThatWaits("a", Setting.USUAL);
        StageQueue b = stage.openThatWaits("b", Setting.USUAL);
        var one = stage.issuer("one");
        var two = stage.issuer("two");
        Job last = new Job("last");
        stage.task("submitter", () -> {
            PointFence first = a.submit(new Job("first").hanging(), one.fence());
            PointFence second = a.submit(new Job("second").hanging(), two.fence());
            var _ = b.submit(last, second);
            stage.world().awaitQuiet();
            stage.require(last.runs == 1, "the last job is handed over when the second is");
            boolean _ = a.get().cancel(first);
            boolean _ = a.get().cancel(second);
        });
        stage.task("opener one", () -> {
            boolean _ = one.signal();
        });
        stage.task("opener two", () -> {
            boolean _ = two.signal();
        });
    }

    /** All devices push, so each input is signalled by another thread; the last job may be over on its device before they are. */
    private static void both(Stage stage) {
        StageQueue a = stage.openThatWaits("a", Setting.USUAL.style(Style.PUSH));
        StageQueue b = stage.openThatWaits("b", Setting.USUAL.style(Style.PUSH));
        StageQueue c = stage.openThatWaits("c", Setting.USUAL.style(Style.PUSH));
        var one = stage.issuer("one");
        var two = stage.issuer("two");
        stage.task("submitter", () -> {
            PointFence left = a.submit(new Job("left"), one.fence());
            PointFence right = b.submit(new Job("right"), two.fence());
            PointFence last = c.submit(new Job("last").failing(), left, right);
            stage.task("opener one", () -> {
                boolean _ = one.signal();
            });
            stage.task("opener two", () -> {
                boolean _ = two.signal();
            });
            stage.require(last.await() == Outcome.FAILED, "the last job has failed on its device");
        });
    }

    /** A poll that is put off until a callback has returned may come while the queue has just been asked for the input. */
    private static void polls(Stage stage) {
        StageQueue a = stage.openThatWaits("a", Setting.USUAL);
        StageQueue b = stage.openThatWaits("b", Setting.USUAL);
        StageQueue c = stage.openThatWaits("c", Setting.USUAL);
        var gate = stage.issuer("gate");
        var meanwhile = stage.issuer("meanwhile");
        stage.task("submitter", () -> {
            PointFence first = a.submit(new Job("first"));
            PointFence second = b.submit(new Job("second"), first);
            PointFence third = c.submit(new Job("third"), second);
            var _ = gate.fence().onDone(() -> {
                c.get().timeline().poll();
                boolean _ = meanwhile.signal();
            });
            stage.task("poller", () -> {
                boolean _ = gate.signal();
            });
            stage.require(third.await() == Outcome.OK, "the third job is done");
        });
    }

    private static void fails(Stage stage) {
        stage.watch();
        StageQueue a = stage.openThatWaits("a", Setting.USUAL);
        StageQueue b = stage.openThatWaits("b", Setting.USUAL.credits(2));
        stage.task("submitter", () -> {
            PointFence bad = a.submit(new Job("bad").failing());
            PointFence throwing = a.submit(new Job("throws").throwing());
            var _ = b.submit(new Job("after bad"), bad);
            var _ = b.submit(new Job("after throws"), throwing);
            var _ = b.submit(new Job("free"));
        });
        stage.task("other", () -> {
            var _ = a.submit(new Job("other"));
        });
    }

    private static void cancel(Stage stage) {
        stage.watch();
        StageQueue a = stage.openThatWaits("a", Setting.USUAL);
        StageQueue b = stage.openThatWaits("b", Setting.USUAL);
        var gate = stage.issuer("gate");
        stage.task("submitter", () -> {
            PointFence first = a.submit(new Job("first").hanging());
            PointFence second = b.submit(new Job("second"), first, gate.fence());
            stage.task("canceller", () -> {
                boolean _ = b.get().cancel(second);
                boolean _ = a.get().cancel(first);
            });
            boolean _ = gate.signal();
            var _ = b.submit(new Job("third"), first);
        });
    }

    private static void throwing(Stage stage) {
        stage.watch();
        StageQueue a = stage.openThatWaits("a", Setting.USUAL);
        StageQueue b = stage.openThatWaits("b", Setting.USUAL);
        stage.task("submitter", () -> {
            PointFence first = a.submit(new Job("first"));
            var _ = b.submit(new Job("second").throwing(), first);
            var _ = b.submit(new Job("third"), first);
        });
    }
}
