package io.ringfence.sim.explore;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

import io.ringfence.fence.Fence;
import io.ringfence.fence.FenceIssuer;
import io.ringfence.fence.SyncObject;
import io.ringfence.internal.seam.Checked;
import io.ringfence.queue.Client;
import io.ringfence.queue.CreditBudget;
import io.ringfence.queue.JobQueue;
import io.ringfence.queue.PayloadTraits;
import io.ringfence.queue.QueueOptions;
import io.ringfence.queue.RingfenceRuntime;
import io.ringfence.scheduler.GangSwitch;
import io.ringfence.scheduler.Policies;
import io.ringfence.scheduler.Policy;
import io.ringfence.scheduler.Prepare;
import io.ringfence.sim.explore.Device.Style;

import org.jspecify.annotations.Nullable;

/**
 * What a scenario is played on: a runtime, queues with devices that watch them, tasks. When the scenario has ended the stage closes
 * what is open and checks that nothing was lost, done twice, or left behind.
 */
final class Stage {

    /** How a queue deals with hangs. */
    record Hangs(@Nullable Domain domain, Duration timeout, int limit) {

        static final Hangs NONE = new Hangs(null, QueueOptions.NO_TIMEOUT, Integer.MAX_VALUE);
    }

    /** How a queue is set up. */
    record Setting(int capacity, int credits, Style style, boolean inOrder, boolean blocking,
            boolean failWithDependency,
            @Nullable CreditBudget budget, @Nullable Client client, Retiring retiring, Hangs hangs) {

        static final Setting USUAL =
                new Setting(4, 4, Style.POLL, true, false, true, null, null, Retiring.NOT, Hangs.NONE);

        Setting capacity(int jobs) {
            return new Setting(jobs, Math.min(credits, jobs), style, inOrder, blocking, failWithDependency, budget,
                    client,
                    retiring, hangs);
        }

        Setting credits(int limit) {
            return new Setting(capacity, limit, style, inOrder, blocking, failWithDependency, budget, client, retiring,
                    hangs);
        }

        Setting style(Style how) {
            return new Setting(capacity, credits, how, inOrder, blocking, failWithDependency, budget, client, retiring,
                    hangs);
        }

        Setting outOfOrder() {
            return new Setting(capacity, credits, style, false, blocking, failWithDependency, budget, client, retiring,
                    hangs);
        }

        Setting thatBlocks() {
            return new Setting(capacity, credits, style, inOrder, true, failWithDependency, budget, client, retiring,
                    hangs);
        }

        Setting runningAnyway() {
            return new Setting(capacity, credits, style, inOrder, blocking, false, budget, client, retiring, hangs);
        }

        Setting sharing(CreditBudget shared) {
            return new Setting(capacity, credits, style, inOrder, blocking, failWithDependency, shared, client,
                    retiring, hangs);
        }

        Setting of(Client owner) {
            return new Setting(capacity, credits, style, inOrder, blocking, failWithDependency, budget, owner,
                    retiring, hangs);
        }

        Setting retiring(Retiring how) {
            return new Setting(capacity, credits, style, inOrder, blocking, failWithDependency, budget, client, how,
                    hangs);
        }

        Setting hanging(Hangs how) {
            return new Setting(capacity, credits, style, inOrder, blocking, failWithDependency, budget, client,
                    retiring, how);
        }

        /** Reset together with others; nothing is taken to hang unless that is told. */
        Setting in(Domain domain) {
            return hanging(new Hangs(domain, hangs.timeout, hangs.limit));
        }

        Setting timeout(Duration longest) {
            return hanging(new Hangs(hangs.domain, longest, hangs.limit));
        }

        Setting hangLimit(int forgiven) {
            return hanging(new Hangs(hangs.domain, hangs.timeout, forgiven));
        }
    }

    /** How a scheduler is set up. */
    record Sharing(int credits, Style style, boolean inOrder, @Nullable Domain domain,
            @Nullable Prepare<Job> prepare, Supplier<Policy> policy) {

        static final Sharing USUAL = new Sharing(4, Style.POLL, true, null, null, Policies::fair);

        Sharing credits(int limit) {
            return new Sharing(limit, style, inOrder, domain, prepare, policy);
        }

        Sharing style(Style how) {
            return new Sharing(credits, how, inOrder, domain, prepare, policy);
        }

        Sharing in(Domain failing) {
            return new Sharing(credits, style, inOrder, failing, prepare, policy);
        }

        Sharing preparing(Prepare<Job> asked) {
            return new Sharing(credits, style, inOrder, domain, asked, policy);
        }

        Sharing by(Supplier<Policy> made) {
            return new Sharing(credits, style, inOrder, domain, prepare, made);
        }
    }

    /** Who gets payloads back. */
    enum Retiring {
        /** Nobody. */
        NOT,
        /** A hook on the thread that completes. */
        INLINE,
        /** A hook on a virtual thread. */
        DEFERRED
    }

    private final World world;
    private final RingfenceRuntime runtime;
    private final List<StageQueue> queues = new ArrayList<>();
    private final List<StageScheduler> schedulers = new ArrayList<>();
    private final List<StageEntity> entities = new ArrayList<>();
    private final List<Task> tasks = new ArrayList<>();
    private final List<CreditBudget> budgets = new ArrayList<>();
    private final List<FenceIssuer> issuers = new ArrayList<>();
    private boolean anyOutcome;
    private boolean watching;

    Stage(World world) {
        this.world = world;
        runtime = RingfenceRuntime.start(1);
        world.describedBy(this::describe);
    }

    /** Devices that are reset together. */
    Domain domain(String name) {
        return new Domain(world, name);
    }

    private String describe() {
        StringBuilder text = new StringBuilder();
        for (StageQueue queue : queues) {
            if (!queue.isForgotten() && !queue.device().isClosed()) {
                text.append(queue.get().dump());
            }
        }
        schedulers.forEach(scheduler -> text.append(scheduler.describe()));
        entities.forEach(entity -> text.append(entity.describe()));
        return text.toString();
    }

    World world() {
        return world;
    }

    RingfenceRuntime runtime() {
        return runtime;
    }

    /** Opens a queue with a device of its own. */
    StageQueue open(String name, Setting setting) {
        return open(device(name, setting), name, setting);
    }

    /** Opens a queue whose device raises no interrupt if the queue has seen the cause before. */
    StageQueue openThatSpares(String name, Setting setting) {
        return open(device(name, setting).sparing(), name, setting);
    }

    /** Opens one whose device does both. */
    StageQueue openThatWaitsAndSpares(String name, Setting setting) {
        return open(device(name, setting).waiting().sparing(), name, setting);
    }

    private Device device(String name, Setting setting) {
        return new Device(world, "device " + name, setting.style(), setting.inOrder());
    }

    /** Opens a queue whose device makes jobs wait for those of others that were opened so. */
    StageQueue openThatWaits(String name, Setting setting) {
        return open(device(name, setting).waiting(), name, setting);
    }

    private StageQueue open(Device device, String name, Setting setting) {
        if (setting.blocking()) {
            Device _ = device.blocking();
        }
        Domain domain = setting.hangs().domain();
        if (domain != null) {
            Device _ = device.in(domain);
        }
        var queue = new StageQueue(this, world, device, setting);
        device.serves(queue);
        queues.add(queue);
        PayloadTraits<Job> traits = PayloadTraits.<Job>plain().withCost(job -> job.cost);
        traits = switch (setting.retiring()) {
            case NOT -> traits;
            case INLINE -> traits.retiringInline((job, _, _) -> retired(job));
            case DEFERRED -> traits.retiring((job, _, _) -> retired(job));
        };
        QueueOptions options = QueueOptions.named(name).withCapacity(setting.capacity()).withCredits(setting.credits())
                .withFailWithDependency(setting.failWithDependency()).withTimeout(setting.hangs().timeout())
                .withHangLimit(setting.hangs().limit());
        CreditBudget budget = setting.budget();
        if (budget != null) {
            options = options.withBudget(budget);
        }
        Client client = setting.client();
        JobQueue<Job> made;
        try {
            made = client == null ? runtime.openQueue(device, options, traits)
                    : client.openQueue(device, options, traits);
        } catch (RuntimeException refused) {
            queues.removeLast();
            throw refused;
        }
        queue.opened(made);
        return queue;
    }

    /** Opens a queue with room for four jobs, polled, in order. */
    StageQueue open(String name) {
        return open(name, Setting.USUAL);
    }

    /** Opens a scheduler with a device of its own. */
    StageScheduler scheduler(String name, Sharing how) {
        var scheduler = new StageScheduler(this, name, how);
        schedulers.add(scheduler);
        return scheduler;
    }

    /** Opens an entity that may go to any of some schedulers. */
    StageEntity entity(String name, StageScheduler... candidates) {
        var entity = new StageEntity(this, name, List.of(candidates));
        entities.add(entity);
        return entity;
    }

    /** An empty gang. */
    StageGang gang(GangSwitch device) {
        return new StageGang(this, device);
    }

    /** As {@link #entity}, but answers null if all schedulers or one of them are closed. */
    @Nullable
    StageEntity entityUnlessClosed(String name, StageScheduler... candidates) {
        try {
            return entity(name, candidates);
        } catch (IllegalStateException closed) {
            world.note(name + " is refused");
            return null;
        }
    }

    /** All entities that were opened. */
    List<StageEntity> entities() {
        return entities;
    }

    private void retired(Job job) {
        job.retires++;
        if (job.retires > 1) {
            world.violate(job + " was given back " + job.retires + " times");
        }
        if (job.fence != null && !job.fence.isDone()) {
            world.violate(job + " was given back before it was done");
        }
    }

    /** A budget that is checked at each step and at the end. */
    CreditBudget budget(int limit) {
        CreditBudget budget = CreditBudget.create("budget", limit);
        budgets.add(budget);
        world.invariant(() -> {
            if (budget.available() < 0 || budget.available() > limit) {
                world.violate("of " + limit + " credits of " + budget + " " + budget.available() + " are free");
            }
        });
        return budget;
    }

    /** A fence that the scenario signals. */
    FenceIssuer issuer(String name) {
        FenceIssuer issuer = FenceIssuer.create(name);
        issuers.add(issuer);
        return issuer;
    }

    /** Waits until a point was submitted. */
    Fence submitted(SyncObject object, long point) throws InterruptedException {
        for (;;) {
            Fence fence = object.awaitSubmitted(point, Duration.ofDays(1));
            if (fence != null) {
                return fence;
            }
        }
    }

    /** Starts a task; the stage waits for its end. */
    Task task(String name, Task.Body body) {
        Task task = world.spawn(name, body);
        tasks.add(task);
        return task;
    }

    /** For scenarios that close or kill: when that comes decides how jobs end. */
    void anyOutcome() {
        anyOutcome = true;
    }

    /** Hangs a callback on each job. That is news for its queue and so may hide that some was lost; hence not always. */
    void watch() {
        watching = true;
    }

    boolean isWatching() {
        return watching;
    }

    boolean saysOutcome(Job job) {
        return !anyOutcome || job.cancels == 1 || job.condemned != null;
    }

    /** Whether it is told by what happens in the schedule how each job ends. */
    boolean saysOutcomes() {
        return !anyOutcome;
    }

    void require(boolean holds, String what) {
        if (!holds) {
            world.violate("expected: " + what);
        }
    }

    /** A job is about to be run by a queue: what all queues that share its budget have on their devices. */
    void drawn(@Nullable CreditBudget budget, Job job) {
        if (budget == null) {
            return;
        }
        int cost = job.cost;
        for (StageQueue queue : queues) {
            if (queue.setting().budget() == budget) {
                cost += queue.device().cost();
            }
        }
        if (cost > budget.limit()) {
            world.violate("run of " + job + " takes " + cost + " of the " + budget.limit() + " credits of " + budget);
        }
    }

    /** Waits for the tasks, closes what is open, and checks. */
    void end() throws InterruptedException {
        for (int i = 0; i < tasks.size(); i++) {
            world.join(tasks.get(i));
        }
        issuers.forEach(FenceIssuer::close);
        // Closing a queue brings news to all its turns, so what was lost must be noticed before.
        world.awaitQuiet();
        queues.forEach(StageQueue::checkQuiet);
        schedulers.forEach(StageScheduler::checkQuiet);
        entities.forEach(StageEntity::checkQuiet);
        for (StageEntity entity : entities) {
            var _ = entity.get().startClose().await();
        }
        for (StageScheduler scheduler : schedulers) {
            var _ = scheduler.get().startClose().await();
        }
        for (StageQueue queue : queues) {
            if (!queue.isForgotten()) {
                var _ = queue.get().startClose().await();
            }
        }
        runtime.close();
        // Whoever left a turn last may still have callbacks to call.
        world.joinAll();
        queues.forEach(StageQueue::checkEnd);
        schedulers.forEach(StageScheduler::checkEnd);
        entities.forEach(StageEntity::checkEnd);
        for (CreditBudget budget : budgets) {
            if (budget.available() != budget.limit() || budget.waiting() != 0) {
                world.violate("at the end of all queues: " + budget);
            }
        }
        for (String broken : Checked.takeViolations()) {
            world.violate(broken);
        }
    }
}
