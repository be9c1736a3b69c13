package io.ringfence.sim.explore;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongConsumer;

import io.ringfence.internal.seam.Checked;
import io.ringfence.internal.seam.Seam;
import io.ringfence.queue.RingfenceRuntime;

import org.jspecify.annotations.Nullable;

/** Plays scenarios over and over, each schedule with a seed of its own. What the command line and tests use. */
public final class Exploration {

    /** Preemptions of the last stage of a systematic search. */
    private static final int MOST_PREEMPTIONS = 3;

    /** How schedules are chosen. */
    public enum Strategies {
        /** Random walks and PCT in turn. */
        MIXED,
        /** Switches at random. */
        RANDOM,
        /** Probabilistic concurrency testing. */
        PCT,
        /** All schedules with up to so many preemptions. */
        SYSTEMATIC
    }

    /**
     * What is to be explored.
     *
     * @param scenarios the names of scenarios; none for all, or all small ones if they are to be gone through
     * @param schedules how many schedules to play in all, spread over the scenarios
     * @param seed      where the seeds begin, or the one to repeat
     * @param repeat    whether only the schedule of that seed is played
     * @param strategy  how schedules are chosen
     */
    public record Plan(List<String> scenarios, long schedules, long seed, boolean repeat, Strategies strategy) {

        /** Checks the names. */
        public Plan {
            scenarios = List.copyOf(scenarios);
            if (schedules < 1) {
                throw new IllegalArgumentException("schedules " + schedules + ": must be 1 or more");
            }
            for (String name : scenarios) {
                if (Scenarios.find(name).isEmpty()) {
                    throw new IllegalArgumentException(
                            "scenario " + name + ": must be one of " + String.join(", ", names()));
                }
            }
        }

        private List<Scenario> chosen() {
            boolean search = strategy == Strategies.SYSTEMATIC;
            return scenarios.isEmpty() ? Scenarios.list().stream().filter(each -> each.small() || !search).toList()
                    : Scenarios.list().stream().filter(each -> scenarios.contains(each.name())).toList();
        }
    }

    /**
     * A schedule that broke a rule.
     *
     * @param scenario the scenario
     * @param repeat   the options that find it again
     * @param what     the rule that was broken
     * @param moves    the choices that lead to it, as few as were found
     * @param trace    who did what in it
     */
    public record Violation(String scenario, String repeat, String what, String moves, List<String> trace) {
    }

    /**
     * What came of one scenario.
     *
     * @param name       the scenario
     * @param schedules  how many schedules were played
     * @param steps      how many steps they had together
     * @param violations how many schedules broke a rule
     * @param covered    up to how many preemptions all schedules were played; -1 if that was not tried or not reached
     */
    public record Line(String name, long schedules, long steps, int violations, int covered) {
    }

    /**
     * What came of all.
     *
     * @param lines      per scenario
     * @param violations the broken rules, the first of each scenario
     */
    public record Result(List<Line> lines, List<Violation> violations) {

        /**
         * All schedules.
         *
         * @return how many were played
         */
        public long schedules() {
            return lines.stream().mapToLong(Line::schedules).sum();
        }

        /**
         * All steps.
         *
         * @return how many there were in all schedules
         */
        public long steps() {
            return lines.stream().mapToLong(Line::steps).sum();
        }
    }

    /** One step takes microseconds. */
    private static final int STOPPED_SECONDS = 30;

    private final Plan plan;
    private volatile @Nullable Explorer explorer;

    /**
     * Makes an exploration.
     *
     * @param plan what is to be explored
     * @throws IllegalStateException if the process was started without the seam
     */
    public Exploration(Plan plan) {
        if (!Seam.ON) {
            throw new IllegalStateException("exploring needs -D" + Seam.PROPERTY + "=true when the process starts");
        }
        this.plan = plan;
    }

    /**
     * The names of all scenarios.
     *
     * @return the names, in the order in which they are played
     */
    public static List<String> names() {
        return Scenarios.list().stream().map(Scenario::name).toList();
    }

    /**
     * What may go wrong in a scenario.
     *
     * @param name its name
     * @return a line for people
     */
    public static String about(String name) {
        return Scenarios.find(name).orElseThrow().about();
    }

    /**
     * Explores. The calling thread waits: everything happens on virtual threads, of which one runs at a time.
     *
     * @param progress is told now and then how many schedules were played
     * @return what came of it
     * @throws InterruptedException if the calling thread is interrupted
     */
    public Result explore(LongConsumer progress) throws InterruptedException {
        // What is done once in a process is done before the first schedule, so that all are alike.
        RingfenceRuntime.start(1).close();
        List<String> _ = Checked.takeViolations();
        var result = new CompletableFuture<Result>();
        Thread _ = Thread.ofVirtual().name("explorer").start(() -> {
            try {
                result.complete(exploreAll(progress));
            } catch (Throwable thrown) {
                result.completeExceptionally(thrown);
            }
        });
        for (Watched before = watch();;) {
            try {
                return result.get(STOPPED_SECONDS, TimeUnit.SECONDS);
            } catch (ExecutionException e) {
                throw new IllegalStateException("the exploration broke: " + e.getCause(), e.getCause());
            } catch (TimeoutException e) {
                Watched now = watch();
                World world = now.world();
                if (world != null && now.equals(before)) {
                    throw new IllegalStateException(
                            "for " + STOPPED_SECONDS + " s nobody came to the seam: " + world.stack(), e);
                }
                before = now;
            }
        }
    }

    /** How far it has come. */
    private record Watched(@Nullable World world, int steps) {
    }

    private Watched watch() {
        Explorer known = explorer;
        World world = known == null ? null : known.playing();
        return new Watched(world, world == null ? 0 : world.steps());
    }

    private Result exploreAll(LongConsumer progress) {
        List<Scenario> scenarios = plan.chosen();
        List<Line> lines = new ArrayList<>();
        List<Violation> violations = new ArrayList<>();
        long played = 0;
        for (int i = 0; i < scenarios.size(); i++) {
            long share = (plan.schedules() - played + scenarios.size() - i - 1) / (scenarios.size() - i);
            Line line = explore(scenarios.get(i), plan.repeat() ? 1 : share, violations, played, progress);
            lines.add(line);
            played += line.schedules();
            progress.accept(played);
        }
        return new Result(lines, violations);
    }

    private Line explore(Scenario scenario, long schedules, List<Violation> violations, long before,
            LongConsumer progress) {
        if (schedules == 0) {
            return new Line(scenario.name(), 0, 0, 0, -1);
        }
        var explorer = new Explorer();
        this.explorer = explorer;
        if (plan.strategy() == Strategies.SYSTEMATIC) {
            return search(explorer, scenario, schedules, violations);
        }
        long seed = plan.seed();
        for (long i = 0; i < schedules; i++) {
            seed = plan.repeat() ? plan.seed() : Explorer.seed(plan.seed(), i);
            Violation found = explorer.play(scenario, plan.strategy(), seed);
            if (found != null) {
                violations.add(found);
                return new Line(scenario.name(), i + 1, explorer.steps(), 1, -1);
            }
            if (i % 256 == 0) {
                progress.accept(before + i);
            }
        }
        return new Line(scenario.name(), schedules, explorer.steps(), 0, -1);
    }

    private static Line search(Explorer explorer, Scenario scenario, long most, List<Violation> violations) {
        int covered = -1;
        for (int bound = 0; bound <= MOST_PREEMPTIONS; bound++) {
            var search = new Systematic(bound);
            Violation found = explorer.search(search, scenario, most - explorer.schedules());
            if (found != null) {
                violations.add(found);
                return new Line(scenario.name(), explorer.schedules(), explorer.steps(), 1, covered);
            }
            if (!search.isOver()) {
                break;
            }
            covered = bound;
        }
        return new Line(scenario.name(), explorer.schedules(), explorer.steps(), 0, covered);
    }

    /**
     * Words for a violation.
     *
     * @param violation the violation
     * @return some lines for people
     */
    public static String describe(Violation violation) {
        return String.format(Locale.ROOT, "VIOLATION in %s: %s%nrepeat: ringfence explore --scenario %s %s%n%s",
                violation.scenario(), violation.what(), violation.scenario(), violation.repeat(),
                String.join(System.lineSeparator(), violation.trace().stream().map(line -> "  " + line).toList()));
    }
}
