package io.ringfence.fence;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

import io.ringfence.fence.Reservation.Entry;

import org.jetbrains.kotlinx.lincheck.execution.ExecutionScenario;
import org.jetbrains.lincheck.LincheckAssertionError;
import org.jetbrains.lincheck.datastructures.IntGen;
import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;
import org.jetbrains.lincheck.datastructures.StressOptions;
import org.junit.jupiter.api.Test;

/**
 * A reservation is a linearizable list of entries: what was added under the lock is there for every reader afterwards, a
 * replacement is seen whole or not at all, and what is done under two locks nobody sees half of who holds both, in whatever order
 * they are taken.
 */
class ReservationLincheckTest {
    /** Never signalled: asking several fences takes more than one moment. */
    private static final List<FenceIssuer> ISSUERS = Stream.of("f0", "f1").map(FenceIssuer::create).toList();

    private static final List<Usage> USAGES = List.of(Usage.values());

    private static void check(ExecutionScenario scenario, Class<?> type) {
        // Clearing a map takes sixteen rounds and waits for nobody.
        new ModelCheckingOptions().iterations(0).invocationsPerIteration(80).loopIterationsBeforeThreadSwitch(50)
                .sequentialSpecification(Lists.class).addCustomScenario(scenario).check(type);
    }

    private static Fence fence(int number) {
        return ISSUERS.get(number).fence();
    }

    private static Usage usage(int number) {
        return USAGES.get(number);
    }

    @Test
    void everyScheduleOfOneWriterAndItsReadersIsThatOfAList() {
        check(WrittenScenario.of(OneWriter.class, "add 0 1", "add 1 2", "entries 3, entries 3", "entries 3"),
                OneWriter.class);
        check(WrittenScenario.of(OneWriter.class, "add 0 1, add 0 1, add 1 1", "replace 0 1 2", "entries 3, entries 3",
                "entries 3"), OneWriter.class);
    }

    /** With real threads only: a model checker takes threads that wait for a lock, parked again and again, for hung. */
    @Test
    void threadsThatReallyRunSeeTwoLists() {
        new StressOptions().iterations(3).invocationsPerIteration(250).threads(2).actorsPerThread(3)
                .actorsBefore(1).actorsAfter(1).sequentialSpecification(Lists.class).check(ManyWriters.class);
    }

    @Test
    void addingWithoutTheLockIsFound() {
        assertThatThrownBy(() -> check(WrittenScenario.of(Unlocked.class, "add 0 1", "add 1 2", "add 0 3", "entries 3"),
                Unlocked.class)).isInstanceOf(LincheckAssertionError.class)
                .hasMessageContaining("Invalid execution results");
    }

    /** One thread at a time changes the list; any may read it. */
    @Param(name = "fence", gen = IntGen.class, conf = "0:1")
    @Param(name = "usage", gen = IntGen.class, conf = "0:3")
    public static class OneWriter {
        final Reservation memory = Reservation.create("memory");

        @Operation(nonParallelGroup = "writer")
        public void add(@Param(name = "fence") int fence, @Param(name = "usage") int usage)
                throws InterruptedException {
            try (ReservationLocks locks = ReservationLocks.lock(memory)) {
                locks.reserve(memory, 1);
                locks.add(memory, fence(fence), usage(usage));
            }
        }

        @Operation(nonParallelGroup = "writer")
        public int replace(@Param(name = "fence") int old, @Param(name = "fence") int fence,
                @Param(name = "usage") int usage) throws InterruptedException {
            try (ReservationLocks locks = ReservationLocks.lock(memory)) {
                return locks.replace(memory, fence(old), fence(fence), usage(usage));
            }
        }

        @Operation
        public List<Entry> entries(@Param(name = "usage") int upTo) {
            return memory.entries(usage(upTo));
        }
    }

    /** The lock decides who may change the list. */
    public static class ManyWriters extends OneWriter {
        private final Reservation other = Reservation.create("other");

        @Override
        @Operation
        public void add(@Param(name = "fence") int fence, @Param(name = "usage") int usage)
                throws InterruptedException {
            super.add(fence, usage);
        }

        @Override
        @Operation
        public int replace(@Param(name = "fence") int old, @Param(name = "fence") int fence,
                @Param(name = "usage") int usage) throws InterruptedException {
            return super.replace(old, fence, usage);
        }

        @Operation
        public void addToBoth(@Param(name = "fence") int fence) throws InterruptedException {
            // Against the order of numbers, in which lock() takes them.
            try (ReservationLocks locks = ReservationLocks.begin()) {
                while (!(locks.lockAlso(other) && locks.lockAlso(memory))) {
                    // Somebody older went first; both again.
                }
                for (Reservation each : List.of(memory, other)) {
                    locks.reserve(each, 1);
                    locks.add(each, fence(fence), Usage.WRITE);
                }
            }
        }

        @Operation
        public List<List<Entry>> both() throws InterruptedException {
            try (ReservationLocks _ = ReservationLocks.lock(memory, other)) {
                return List.of(memory.entries(Usage.BOOKKEEP), other.entries(Usage.BOOKKEEP));
            }
        }
    }

    /** One may use up the room that another has made, or undo what it has added. */
    @Param(name = "fence", gen = IntGen.class, conf = "0:1")
    @Param(name = "usage", gen = IntGen.class, conf = "0:3")
    public static class Unlocked {
        private final Reservation memory = Reservation.create("memory");

        @Operation
        public void add(@Param(name = "fence") int fence, @Param(name = "usage") int usage) {
            memory.reserve(1);
            memory.add(new Entry(fence(fence), usage(usage)));
        }

        @Operation
        public List<Entry> entries(@Param(name = "usage") int upTo) {
            return memory.entries(usage(upTo));
        }
    }

    /** The sequential specification. */
    public static class Lists {
        private final List<Entry> memory = new ArrayList<>();
        private final List<Entry> other = new ArrayList<>();

        public void add(int fence, int usage) {
            memory.add(new Entry(fence(fence), usage(usage)));
        }

        public int replace(int old, int fence, int usage) {
            List<Entry> replaced = memory.stream().filter(entry -> entry.fence() == fence(old)).toList();
            if (!replaced.isEmpty()) {
                memory.add(memory.indexOf(replaced.getFirst()), new Entry(fence(fence), usage(usage)));
                replaced.forEach(memory::remove);
            }
            return replaced.size();
        }

        public List<Entry> entries(int upTo) {
            return memory.stream().filter(entry -> entry.usage().compareTo(usage(upTo)) <= 0).toList();
        }

        public void addToBoth(int fence) {
            memory.add(new Entry(fence(fence), Usage.WRITE));
            other.add(new Entry(fence(fence), Usage.WRITE));
        }

        public List<List<Entry>> both() {
            return List.of(List.copyOf(memory), List.copyOf(other));
        }
    }
}
