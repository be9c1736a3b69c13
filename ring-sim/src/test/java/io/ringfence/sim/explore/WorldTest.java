package io.ringfence.sim.explore;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;

import io.ringfence.internal.seam.Seam;
import io.ringfence.internal.seam.Site;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The scheduler of the explorer by itself. */
@Tag("explorer")
@Timeout(180)
class WorldTest {

    /** As the explorer does it: all on virtual threads of one carrier. */
    private static World run(Strategy strategy, Program program) throws Exception {
        return new CompletableFuture<World>() {
            {
                Thread.ofVirtual().start(() -> {
                    try {
                        World world = new World(strategy, 10_000, null);
                        world.run(() -> program.run(world));
                        complete(world);
                    } catch (Throwable thrown) {
                        completeExceptionally(thrown);
                    }
                });
            }
        }.get();
    }

    @FunctionalInterface
    private interface Program {
        void run(World world) throws Exception;
    }

    private static Strategy likely() {
        return new Scripted(List.of());
    }

    /** Two tasks that read, step, and write back; what is lost depends on the schedule. */
    private static Program counting(int[] counter) {
        return world -> {
            for (String name : List.of("a", "b")) {
                world.spawn(name, () -> {
                    for (int i = 0; i < 2; i++) {
                        int known = counter[0];
                        Seam.at(Site.CLAIM);
                        counter[0] = known + 1;
                    }
                });
            }
        };
    }

    @Test
    void tasksRunOneAfterTheOtherUnlessThereIsAReason() throws Exception {
        int[] counter = new int[1];

        assertThat(run(likely(), counting(counter)).violation()).isNull();

        assertThat(counter[0]).isEqualTo(4);
    }

    @Test
    void systematicSearchSeesEveryResultWithinItsBound() throws Exception {
        List<Set<Integer>> seen = new ArrayList<>();
        for (int bound = 0; bound <= 2; bound++) {
            Set<Integer> results = new TreeSet<>();
            var search = new Systematic(bound);
            while (search.advance()) {
                int[] counter = new int[1];
                assertThat(run(search.schedule(), counting(counter)).violation()).isNull();
                results.add(counter[0]);
            }
            assertThat(search.isOver()).isTrue();
            seen.add(results);
        }
        assertThat(seen.get(0)).containsExactly(4);
        // Whoever is let go on in between goes on to its end, and all it did is overwritten.
        assertThat(seen.get(1)).containsExactly(2, 4);
        assertThat(seen.get(2)).containsExactly(2, 3, 4);
    }

    @Test
    void movesRepeatASchedule() throws Exception {
        for (long seed = 0; seed < 50; seed++) {
            int[] first = new int[1];
            World found = run(new RandomWalk(seed), counting(first));
            int[] again = new int[1];
            World repeated = run(new Scripted(found.moves()), counting(again));

            assertThat(again).as("seed %s", seed).isEqualTo(first);
            assertThat(repeated.moves()).isEqualTo(found.moves());
            assertThat(repeated.steps()).isEqualTo(found.steps());
        }
    }

    @Test
    void timePassesWhenNobodyCanGoOn() throws Exception {
        List<String> order = new ArrayList<>();
        World world = run(likely(), it -> {
            it.spawn("late", () -> {
                Seam.parkNanos("late", 2_000_000_000);
                order.add("late at " + Seam.nanoTime());
            });
            it.spawn("early", () -> {
                Seam.parkNanos("early", 1_000_000_000);
                order.add("early at " + Seam.nanoTime());
            });
        });
        assertThat(world.violation()).isNull();
        assertThat(order).containsExactly("early at 1000000000", "late at 2000000000");
    }

    @Test
    void anUnparkBeforeTheParkIsKept() throws Exception {
        World world = run(likely(), it -> {
            Task sleeper = it.spawn("sleeper", () -> {
                Seam.at(Site.CLAIM);
                Seam.park("permit");
            });
            Seam.unpark(sleeper.thread);
        });
        assertThat(world.violation()).isNull();
    }

    @Test
    void whoeverIsStuckIsNamed() throws Exception {
        World world = run(likely(), it -> it.spawn("sleeper", () -> {
            while (true) {
                Seam.park("a thing that never comes");
            }
        }));
        assertThat(world.violation()).contains("nothing happens any more")
                .contains("sleeper waits for a thing that never comes");
    }

    @Test
    void aScheduleThatDoesNotEndIsNamed() throws Exception {
        World world = run(likely(), it -> it.spawn("spinner", () -> {
            while (it.violation() == null) {
                Seam.spin();
            }
        }));
        assertThat(world.violation()).contains("not over after 10000 steps").contains("spinner");
    }

    @Test
    void whatATaskThrowsIsAViolation() throws Exception {
        World world = run(likely(), it -> it.spawn("broken", () -> {
            throw new IllegalStateException("on purpose");
        }));
        assertThat(world.violation()).contains("broken threw").contains("on purpose");
    }

    @Test
    void interruptsReachParkedTasks() throws Exception {
        boolean[] interrupted = new boolean[1];
        World world = run(likely(), it -> {
            Task sleeper = it.spawn("sleeper", () -> {
                Seam.park("an interrupt");
                interrupted[0] = Thread.currentThread().isInterrupted();
            });
            it.spawn("interrupter", () -> it.interrupt(sleeper));
        });
        assertThat(world.violation()).isNull();
        assertThat(interrupted[0]).isTrue();
    }
}
