package io.ringfence.sim.explore;

import java.util.List;

import io.ringfence.fence.FenceIssuer;
import io.ringfence.fence.PointFence;
import io.ringfence.queue.Client;
import io.ringfence.sim.explore.Device.Style;
import io.ringfence.sim.explore.Stage.Retiring;
import io.ringfence.sim.explore.Stage.Setting;

/** Cancel, kill, close, and the end of devices, clients and handles, in any order. */
final class EndScenarios {

    private EndScenarios() {
    }

    static List<Scenario> all() {
        return List.of(
                new Scenario("cancel", "single jobs are cancelled while they are handed to the device", false,
                        EndScenarios::cancel),
                new Scenario("cancel-on-device", "what hangs on the device is given up", false,
                        EndScenarios::cancelOnDevice),
                new Scenario("cancel-behind-another", "what hangs is given up while the job before it is completed",
                        false,
                        EndScenarios::cancelBehindAnother),
                new Scenario("close-beside-submit", "a queue is closed while jobs are submitted", true,
                        EndScenarios::closeBesideSubmit),
                new Scenario("kill-beside-submit", "a queue is killed while jobs are submitted", false,
                        EndScenarios::killBesideSubmit),
                new Scenario("kill-and-input", "a killed job signals after what it depends on", false,
                        EndScenarios::killAndInput),
                new Scenario("kill-in-line", "submitters in line, and a hanging device", false,
                        EndScenarios::killInLine),
                new Scenario("device-lost", "the device goes while jobs are handed to it", false,
                        EndScenarios::deviceLost),
                new Scenario("lost-beside-run", "the device is found to be lost while its only job is handed to it",
                        true,
                        EndScenarios::lostBesideRun),
                new Scenario("device-lost-out-of-order", "as device-lost, with completions in any order", false,
                        stage -> deviceLost(stage, Setting.USUAL.outOfOrder())),
                new Scenario("client-killed", "a client is killed while a queue is opened", false,
                        EndScenarios::clientKilled),
                new Scenario("runtime-closed", "the runtime, a queue and a client are closed in any order", false,
                        EndScenarios::runtimeClosed),
                new Scenario("retire-inline", "payloads come back on the completing thread, beside the close", false,
                        stage -> retires(stage, Retiring.INLINE)),
                new Scenario("retire-deferred", "payloads come back on a virtual thread, beside the close", false,
                        stage -> retires(stage, Retiring.DEFERRED)),
                new Scenario("handle-collected", "the last reference to a queue is lost with jobs in it", false,
                        EndScenarios::handleCollected));
    }

    private static void cancel(Stage stage) {
        stage.watch();
        StageQueue queue = stage.open("q", Setting.USUAL.credits(1));
        FenceIssuer input = stage.issuer("input");
        stage.task("submitter", () -> {
            PointFence first = queue.submit(new Job("first"));
            PointFence second = queue.submit(new Job("second"), input.fence());
            var _ = queue.submit(new Job("third"), second);
            stage.task("canceller", () -> {
                boolean _ = queue.cancel(second);
                boolean _ = queue.cancel(first);
            });
            var _ = queue.submit(new Job("fourth"));
        });
        stage.task("signaller", () -> {
            boolean _ = input.signal();
        });
    }

    private static void cancelOnDevice(Stage stage) {
        StageQueue queue = stage.open("q", Setting.USUAL.outOfOrder().credits(2));
        stage.task("submitter", () -> {
            PointFence hangs = queue.submit(new Job("hangs").hanging());
            stage.task("canceller", () -> {
                boolean _ = queue.get().cancel(hangs);
            });
            var _ = queue.submit(new Job("second"));
            var _ = queue.submit(new Job("third"), hangs).await();
        });
    }

    private static void cancelBehindAnother(Stage stage) {
        stage.watch();
        StageQueue queue = stage.open("q");
        stage.task("submitter", () -> {
            var _ = queue.submit(new Job("first"));
            PointFence hangs = queue.submit(new Job("hangs").hanging());
            boolean _ = queue.cancel(hangs);
        });
    }

    private static void closeBesideSubmit(Stage stage) {
        StageQueue queue = stage.open("q", Setting.USUAL.capacity(2).credits(1));
        stage.task("submitter", () -> {
            var _ = queue.submitUnlessClosed(new Job("one"));
            var _ = queue.trySubmit(new Job("two"));
        });
        stage.task("closer", () -> {
            var _ = queue.get().startClose();
        });
    }

    private static void killBesideSubmit(Stage stage) {
        stage.watch();
        stage.anyOutcome();
        StageQueue queue = stage.open("q", Setting.USUAL.capacity(2).credits(1));
        for (String who : List.of("a", "b")) {
            stage.task("submitter " + who, () -> {
                var _ = queue.submitUnlessClosed(new Job(who + 1));
                var _ = queue.submitUnlessClosed(new Job(who + 2));
            });
        }
        stage.task("killer", () -> {
            var _ = queue.get().kill().await();
        });
    }

    private static void killAndInput(Stage stage) {
        stage.anyOutcome();
        StageQueue a = stage.open("a");
        StageQueue b = stage.open("b", Setting.USUAL.outOfOrder());
        FenceIssuer input = stage.issuer("input");
        stage.task("submitter", () -> {
            PointFence a1 = a.submitUnlessClosed(new Job("a1"), input.fence());
            if (a1 != null) {
                PointFence b1 = b.submit(new Job("b1"), a1);
                var _ = a.submitUnlessClosed(new Job("a2"), b1);
            }
        });
        stage.task("killer", () -> {
            var _ = a.get().kill();
        });
        stage.task("signaller", () -> {
            boolean _ = input.signal();
        });
    }

    private static void killInLine(Stage stage) {
        stage.anyOutcome();
        StageQueue queue = stage.open("q", Setting.USUAL.capacity(2));
        for (String who : List.of("a", "b", "c")) {
            stage.task("submitter " + who, () -> {
                var _ = queue.submitUnlessClosed(new Job(who).hanging());
            });
        }
        stage.task("killer", () -> {
            var _ = queue.get().kill();
        });
    }

    private static void deviceLost(Stage stage) {
        deviceLost(stage, Setting.USUAL);
    }

    private static void deviceLost(Stage stage, Setting setting) {
        stage.anyOutcome();
        StageQueue queue = stage.open("q", setting.credits(2));
        for (String who : List.of("a", "b")) {
            stage.task("submitter " + who, () -> {
                var _ = queue.submitUnlessClosed(new Job(who + 1));
                PointFence last = queue.submitUnlessClosed(new Job(who + 2));
                if (last != null) {
                    var _ = last.await();
                }
            });
        }
        SubmitScenarios.waitsAhead(stage, queue, new Job("ahead"));
        stage.task("fate", () -> queue.device().lose());
    }

    private static void lostBesideRun(Stage stage) {
        stage.anyOutcome();
        StageQueue queue = stage.open("q");
        SubmitScenarios.waitsAhead(stage, queue, new Job("only").hanging());
        stage.task("fate", () -> queue.device().lose());
    }

    private static void clientKilled(Stage stage) {
        stage.anyOutcome();
        Client client = stage.runtime().openClient("client");
        stage.task("opener", () -> {
            try {
                StageQueue first = stage.open("first", Setting.USUAL.of(client));
                var _ = first.submitUnlessClosed(new Job("one").hanging());
                StageQueue second = stage.open("second", Setting.USUAL.of(client).style(Style.PUSH));
                var _ = second.submitUnlessClosed(new Job("two").hanging());
            } catch (IllegalStateException closed) {
                stage.world().note("nothing is opened any more");
            }
        });
        stage.task("killer", () -> {
            var _ = client.kill().await();
        });
    }

    private static void runtimeClosed(Stage stage) {
        stage.anyOutcome();
        Client client = stage.runtime().openClient("client");
        StageQueue a = stage.open("a", Setting.USUAL.of(client).capacity(2));
        StageQueue b = stage.open("b", Setting.USUAL.outOfOrder());
        for (StageQueue queue : List.of(a, b)) {
            stage.task("submitter to " + queue, () -> {
                var _ = queue.submitUnlessClosed(new Job("x"));
                var _ = queue.submitUnlessClosed(new Job("y"));
            });
        }
        stage.task("closer of the runtime", () -> stage.runtime().close());
        stage.task("closer of the client", client::close);
        stage.task("closer of the queue", () -> b.get().close());
    }

    private static void retires(Stage stage, Retiring how) {
        stage.watch();
        stage.anyOutcome();
        StageQueue queue = stage.open("q", Setting.USUAL.capacity(2).retiring(how));
        for (String who : List.of("a", "b")) {
            stage.task("submitter " + who, () -> {
                var _ = queue.submitUnlessClosed(new Job(who + 1));
                var _ = queue.submitUnlessClosed(new Job(who + 2).failing());
            });
        }
        stage.task("closer", () -> {
            var _ = queue.get().startClose().await();
            for (Job job : queue.jobs) {
                stage.require(job.runs + job.cancels == job.retires, job + " was given back before the end");
            }
        });
    }

    private static void handleCollected(Stage stage) {
        StageQueue queue = stage.open("q");
        stage.task("submitter", () -> {
            PointFence one = queue.submit(new Job("one"));
            PointFence two = queue.submit(new Job("two"), one);
            Object handle = queue.get();
            queue.forget();
            stage.world().collect(handle);
            var _ = two.await();
        });
    }
}
