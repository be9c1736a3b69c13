package io.ringfence.sim.explore;

import java.util.List;

import io.ringfence.fence.FenceIssuer;
import io.ringfence.queue.CreditBudget;
import io.ringfence.sim.explore.Device.Style;
import io.ringfence.sim.explore.Stage.Setting;

/** Credits and budgets. */
final class FlowScenarios {

    private FlowScenarios() {
    }

    static List<Scenario> all() {
        return List.of(
                new Scenario("credits", "jobs that need more credits than are free", true, FlowScenarios::credits),
                new Scenario("credits-out-of-order", "credits come back in any order", false,
                        FlowScenarios::creditsOutOfOrder),
                new Scenario("budget", "three queues share what is enough for one and a half", false,
                        FlowScenarios::budget),
                new Scenario("small-budget", "two queues share one credit", true, FlowScenarios::smallBudget),
                new Scenario("budget-and-kill", "a queue is killed while it waits for a budget", false,
                        FlowScenarios::budgetAndKill),
                new Scenario("budget-and-input", "who draws on the budget waits for who waits for it", false,
                        FlowScenarios::budgetAndInput));
    }

    private static void credits(Stage stage) {
        // Too large for a submitter to look at the device because the ring is filling up.
        StageQueue queue = stage.open("q", Setting.USUAL.capacity(16).credits(2));
        stage.task("submitter", () -> {
            var _ = queue.submit(new Job("one"));
            var _ = queue.submit(new Job("two").cost(2));
            var _ = queue.submit(new Job("three"));
        });
    }

    private static void creditsOutOfOrder(Stage stage) {
        stage.watch();
        StageQueue queue = stage.open("q", Setting.USUAL.credits(3).outOfOrder());
        for (String who : List.of("a", "b")) {
            stage.task("submitter " + who, () -> {
                var _ = queue.submit(new Job(who + 1).cost(2));
                var _ = queue.submit(new Job(who + 2).cost(3));
                var _ = queue.submit(new Job(who + 3)).await();
            });
        }
    }

    private static void budget(Stage stage) {
        stage.watch();
        CreditBudget budget = stage.budget(3);
        Setting sharing = Setting.USUAL.sharing(budget);
        for (Setting setting : List.of(sharing, sharing.outOfOrder(), sharing.style(Style.PUSH))) {
            StageQueue queue = stage.open("q" + setting.style() + setting.inOrder(), setting);
            stage.task("user of " + queue, () -> {
                var _ = queue.submit(new Job("x").cost(2));
                var _ = queue.submit(new Job("y"));
                var _ = queue.submit(new Job("z").cost(3));
            });
        }
    }

    private static void smallBudget(Stage stage) {
        CreditBudget budget = stage.budget(1);
        for (String name : List.of("a", "b")) {
            StageQueue queue = stage.open(name, Setting.USUAL.sharing(budget));
            stage.task("user of " + name, () -> {
                var _ = queue.submit(new Job(name + 1));
                var _ = queue.submit(new Job(name + 2));
            });
        }
    }

    private static void budgetAndKill(Stage stage) {
        stage.anyOutcome();
        CreditBudget budget = stage.budget(2);
        StageQueue a = stage.open("a", Setting.USUAL.sharing(budget));
        StageQueue b = stage.open("b", Setting.USUAL.sharing(budget).outOfOrder());
        for (StageQueue queue : List.of(a, b)) {
            stage.task("user of " + queue, () -> {
                var _ = queue.submitUnlessClosed(new Job("x").cost(2));
                var _ = queue.submitUnlessClosed(new Job("y").cost(1));
                var _ = queue.submitUnlessClosed(new Job("z").cost(2));
            });
        }
        stage.task("killer", () -> {
            var _ = a.get().kill();
        });
    }

    private static void budgetAndInput(Stage stage) {
        CreditBudget budget = stage.budget(1);
        StageQueue a = stage.open("a", Setting.USUAL.sharing(budget));
        StageQueue b = stage.open("b", Setting.USUAL.sharing(budget));
        FenceIssuer input = stage.issuer("input");
        stage.task("user", () -> {
            var a1 = a.submit(new Job("a1"), input.fence());
            var b1 = b.submit(new Job("b1"));
            var _ = b.submit(new Job("b2"), a1);
            var _ = a.submit(new Job("a2"), b1);
        });
        stage.task("signaller", () -> {
            boolean _ = input.signal();
        });
    }
}
