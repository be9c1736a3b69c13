package io.ringfence.queue;

import static io.ringfence.LincheckRuns.assertFound;
import static io.ringfence.LincheckRuns.schedules;
import static io.ringfence.LincheckRuns.threads;

import java.util.concurrent.atomic.AtomicInteger;

import org.jetbrains.lincheck.datastructures.IntGen;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;
import org.junit.jupiter.api.Test;

/**
 * A budget's credits and the number of those who wait for them are one linearizable word: nothing is taken twice, nothing gets
 * lost, nobody takes past one who waits, and whoever gives back learns of him.
 */
class CreditBudgetLincheckTest {
    private static final int LIMIT = 3;

    @Test
    void everyScheduleCountsAsOneWordDoes() {
        schedules(Counted.class).checkObstructionFreedom(true).check(Budget.class);
    }

    @Test
    void threadsThatReallyRunCountAsOneWordDoes() {
        threads(Counted.class).check(Budget.class);
    }

    @Test
    void creditsAndWaitersInTwoWordsAreFound() {
        assertFound(TwoWords.class, () -> schedules(Counted.class));
    }

    @Test
    void takingWithoutComparingIsFound() {
        assertFound(TakenBlindly.class, () -> schedules(Counted.class));
    }

    /** What queues call, and for whoever waits what the granting turn calls. */
    @Param(name = "cost", gen = IntGen.class, conf = "1:3")
    public static class Budget {
        private final CreditBudget budget = CreditBudget.create("shared", LIMIT);

        @Operation
        public boolean tryTake(@Param(name = "cost") int cost) {
            return budget.tryTake(cost);
        }

        @Operation
        public boolean giveBack(@Param(name = "cost") int cost) {
            return budget.giveBack(cost);
        }

        @Operation
        public int available() {
            return budget.available();
        }

        @Operation
        public boolean startsWaiting() {
            // Nobody grants here, so nobody asks the place whose it is.
            return budget.startsWaiting(new BudgetPlace(null));
        }

        @Operation(nonParallelGroup = "granting turn")
        public boolean grant(@Param(name = "cost") int cost) {
            return budget.take(cost);
        }

        @Operation(nonParallelGroup = "granting turn")
        public boolean stopsWaiting() {
            boolean any = budget.waiting() != 0;
            if (any) {
                budget.stopsWaiting();
            }
            return any;
        }
    }

    /** Somebody may begin to wait after it was found that nobody does. */
    public static class TwoWords extends Budget {
        private final AtomicInteger free = new AtomicInteger(LIMIT);
        private final AtomicInteger waiting = new AtomicInteger();

        @Override
        public boolean tryTake(int cost) {
            return waiting.get() == 0 && grant(cost);
        }

        @Override
        public boolean giveBack(int cost) {
            free.addAndGet(cost);
            return waiting.get() != 0;
        }

        @Override
        public int available() {
            return free.get();
        }

        @Override
        public boolean startsWaiting() {
            return waiting.getAndIncrement() == 0;
        }

        @Override
        public boolean grant(int cost) {
            for (;;) {
                int known = free.get();
                if (known < cost) {
                    return false;
                }
                if (free.compareAndSet(known, known - cost)) {
                    return true;
                }
            }
        }

        @Override
        public boolean stopsWaiting() {
            return waiting.get() != 0 && waiting.getAndDecrement() != 0;
        }
    }

    /** Two may take the same credits. */
    @Param(name = "cost", gen = IntGen.class, conf = "1:3")
    public static class TakenBlindly {
        private volatile int free = LIMIT;

        @Operation
        public boolean tryTake(@Param(name = "cost") int cost) {
            int known = free;
            if (known < cost) {
                return false;
            }
            free = known - cost;
            return true;
        }

        @Operation
        public int available() {
            return free;
        }
    }

    /** The sequential specification. */
    public static class Counted {
        private int free = LIMIT;
        private int waiting;

        public boolean tryTake(int cost) {
            return waiting == 0 && grant(cost);
        }

        public boolean giveBack(int cost) {
            free += cost;
            return waiting != 0;
        }

        public int available() {
            return free;
        }

        public boolean startsWaiting() {
            return waiting++ == 0;
        }

        public boolean grant(int cost) {
            if (free < cost) {
                return false;
            }
            free -= cost;
            return true;
        }

        public boolean stopsWaiting() {
            boolean any = waiting != 0;
            waiting -= any ? 1 : 0;
            return any;
        }
    }
}
