package io.ringfence.sim.explore;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

import io.ringfence.sim.explore.Exploration.Strategies;
import io.ringfence.sim.explore.Exploration.Violation;

import org.jspecify.annotations.Nullable;

/** Plays scenarios again and again, each time in another order, until something goes wrong; then finds a short way to it. */
final class Explorer {

    /** A schedule that takes longer does not end. */
    private static final int MOST_STEPS = 20_000;
    private static final int USUAL_LENGTH = 400;
    private static final int MOST_ATTEMPTS = 400;
    private static final long MIX = 0x9e3779b97f4a7c15L;

    /** What one schedule came to. */
    private record Played(@Nullable String violation, List<Move> moves) {
    }

    /** The schedule that is being played; for who watches from outside. */
    private volatile @Nullable World playing;
    private long schedules;
    private long steps;

    @Nullable
    World playing() {
        return playing;
    }

    long schedules() {
        return schedules;
    }

    long steps() {
        return steps;
    }

    /** The seed of one of many schedules. */
    static long seed(long base, long index) {
        long mixed = (base + index + 1) * MIX;
        mixed ^= mixed >>> 32;
        return (mixed * MIX) >>> 16;
    }

    /**
     * Plays one schedule.
     *
     * @return what went wrong, or null
     */
    @Nullable
    Violation play(Scenario scenario, Strategies how, long seed) {
        Played played = play(scenario, strategy(how, seed), null);
        String what = played.violation;
        return what == null ? null
                : shortened(scenario, "--strategy " + option(how) + " --seed " + seed, what, played.moves);
    }

    /**
     * Goes through all schedules with at most so many preemptions.
     *
     * @param most how many schedules to play at most
     * @return what went wrong, or null
     */
    @Nullable
    Violation search(Systematic search, Scenario scenario, long most) {
        for (long i = 0; i < most && search.advance(); i++) {
            Played played = play(scenario, search.schedule(), null);
            String what = played.violation;
            if (what != null) {
                return shortened(scenario, "--strategy " + option(Strategies.SYSTEMATIC) + " --seeds " + schedules,
                        what,
                        played.moves);
            }
        }
        return null;
    }

    private static String option(Strategies how) {
        return how.name().toLowerCase(Locale.ROOT);
    }

    private static Strategy strategy(Strategies how, long seed) {
        boolean walk = how == Strategies.RANDOM || how == Strategies.MIXED && (seed & 1) == 0;
        return walk ? new RandomWalk(seed) : new Pct(seed, USUAL_LENGTH, 1 + (int) (seed >>> 1 & 3));
    }

    private Played play(Scenario scenario, Strategy strategy, @Nullable Trace trace) {
        World world = new World(strategy, MOST_STEPS, trace);
        playing = world;
        world.run(() -> {
            Stage stage = new Stage(world);
            scenario.play().on(stage);
            stage.end();
        });
        schedules++;
        steps += world.steps();
        return new Played(world.violation(), world.moves());
    }

    /** Leaves out moves as long as something goes wrong without them, big parts first. */
    private Violation shortened(Scenario scenario, String repeat, String what, List<Move> found) {
        List<Move> moves = new ArrayList<>(found);
        String still = what;
        int attempts = 0;
        for (int part = Math.max(1, moves.size() / 2); part >= 1 && attempts < MOST_ATTEMPTS; part /= 2) {
            for (int from = 0; from < moves.size() && attempts < MOST_ATTEMPTS; attempts++) {
                List<Move> fewer = new ArrayList<>(moves.subList(0, from));
                fewer.addAll(moves.subList(Math.min(moves.size(), from + part), moves.size()));
                Played played = play(scenario, new Scripted(fewer), null);
                if (played.violation != null && fewer.size() < moves.size()) {
                    still = played.violation;
                    moves = new ArrayList<>(played.moves.size() < fewer.size() ? played.moves : fewer);
                } else {
                    from += part;
                }
            }
        }
        Trace trace = new Trace();
        Played last = play(scenario, new Scripted(moves), trace);
        return new Violation(scenario.name(), repeat, (last.violation == null ? still : last.violation).strip(),
                moves.stream().map(Move::toString).collect(Collectors.joining(" ")), trace.lines());
    }
}
