package io.ringfence.internal.turn;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.IntSupplier;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(180)
class TurnTest {
    /** A turn whose work the test gives. */
    static class TestTurn extends Turn {
        final List<Integer> left = new ArrayList<>();
        final List<Deferred> handedOver = new ArrayList<>();
        boolean takesOver;
        int works;
        @Nullable
        Deferred after;
        IntSupplier body = () -> DONE;

        @Override
        protected int work(boolean first) {
            works++;
            return body.getAsInt();
        }

        @Override
        protected @Nullable Deferred left(int report) {
            left.add(report);
            return null;
        }

        @Override
        protected @Nullable Deferred takeAfter() {
            Deferred taken = after;
            after = null;
            return taken;
        }

        @Override
        protected boolean handOver(Deferred chain) {
            if (takesOver) {
                handedOver.add(chain);
            }
            return takesOver;
        }
    }

    private final TestTurn turn = new TestTurn();

    @Test
    void whoFindsTheTurnEmptyHoldsIt() {
        assertThat(turn.enter()).isTrue();
        assertThat(turn.enter()).isFalse();
        assertThat(turn.tryEnter()).isFalse();
        Deferred.run(turn);
        assertThat(turn.enter()).as("it was left").isTrue();
    }

    @Test
    @DisplayName("H13: news during work makes the holder look again, once for all that came")
    void newsDuringWork() {
        turn.body = () -> {
            if (turn.works == 1) {
                turn.news();
                turn.news();
                turn.news();
                return 1;
            }
            return 2;
        };
        turn.news();
        assertThat(turn.works).isEqualTo(2);
        assertThat(turn.left).containsExactly(3);
    }

    @Test
    @DisplayName("H12: a poll beside the holder is not counted")
    void pollIsNotCounted() {
        turn.body = () -> {
            turn.poll();
            turn.poll();
            return Turn.DONE;
        };
        turn.poll();
        assertThat(turn.works).isEqualTo(1);
        turn.poll();
        assertThat(turn.works).isEqualTo(2);
    }

    @Test
    void aReportDoesNotReachTheNextHolder() {
        turn.body = () -> turn.works == 1 ? 4 : 0;
        turn.news();
        turn.news();
        assertThat(turn.left).containsExactly(4, 0);
    }

    @Test
    void aTurnWithMoreToDoIsHandedOverAndGoesOnWhereItWas() {
        turn.takesOver = true;
        turn.body = () -> turn.works == 1 ? Turn.MORE | 1 : 2;
        turn.news();
        assertThat(turn.handedOver).hasSize(1);
        assertThat(turn.left).isEmpty();
        assertThat(turn.enter()).as("it is still held").isFalse();

        Deferred.run(turn.handedOver.removeFirst());

        assertThat(turn.works).as("once for the news of enter").isEqualTo(3);
        assertThat(turn.left).containsExactly(3);
        assertThat(turn.enter()).isTrue();
    }

    @Test
    void aTurnThatNobodyTakesOverGoesOnOnItsHolder() {
        turn.body = () -> turn.works < 5 ? Turn.MORE : Turn.DONE;
        turn.news();
        assertThat(turn.works).isEqualTo(5);
        assertThat(turn.left).containsExactly(0);
    }

    @Test
    void aParkedTurnNeverLetsAnybodyInAgain() {
        turn.body = () -> Turn.PARKED;
        turn.news();
        assertThat(turn.left).containsExactly(Turn.PARKED);
        turn.news();
        turn.poll();
        assertThat(turn.enter()).isFalse();
        assertThat(turn.works).isEqualTo(1);
    }

    @Test
    @DisplayName("H13: a turn taken for a moment is not left if news came meanwhile, and goes on with a look")
    void leftAtOnce() {
        assertThat(turn.tryEnter()).isTrue();
        assertThat(turn.leaveAtOnce()).isTrue();
        assertThat(turn.works).isZero();

        assertThat(turn.tryEnter()).isTrue();
        turn.news();
        turn.news();
        assertThat(turn.leaveAtOnce()).isFalse();
        Deferred.run(turn);

        assertThat(turn.works).isEqualTo(1);
        assertThat(turn.enter()).as("it was left").isTrue();
    }

    @Test
    @DisplayName("H13: a turn that is to stand still is not left at once")
    void leftAtOnceBesideAHalt() {
        assertThat(turn.tryEnter()).isTrue();
        turn.halt();
        assertThat(turn.leaveAtOnce()).isFalse();
        Deferred.run(turn);

        assertThat(turn.isStanding()).isTrue();
        Deferred.run(turn.letGo());
        assertThat(turn.works).as("once for each news").isEqualTo(2);
        assertThat(turn.enter()).as("it was left").isTrue();
    }

    @Test
    @DisplayName("news for later comes when the thread has left what it is in, after the turns that it has taken")
    void newsLater() {
        var log = new ArrayList<String>();
        var other = new TestTurn();
        other.body = () -> {
            log.add("other");
            return Turn.DONE;
        };
        turn.body = () -> {
            log.add("turn");
            if (turn.works == 1) {
                assertThat(other.tryEnter()).isTrue();
                Deferred.run(other);
                Deferred.run(turn.newsLater());
                Deferred.run(new Logged(log, "callback"));
            }
            return Turn.DONE;
        };
        turn.news();
        assertThat(log).containsExactly("turn", "other", "turn", "callback");
    }

    @Test
    void whatWasPutAsideIsDoneAfterTheTurnWasLeft() {
        var log = new ArrayList<String>();
        turn.body = () -> {
            if (turn.works == 1) {
                turn.news();
                turn.after = new Logged(log, "first round");
            } else {
                turn.after = new Logged(log, "second round");
            }
            Deferred.run(new Logged(log, "deferred in round " + turn.works));
            log.add("work");
            return Turn.DONE;
        };
        turn.news();
        assertThat(log.subList(0, 2)).containsExactly("work", "work");
        assertThat(log.subList(2, 6)).containsExactlyInAnyOrder("first round", "second round", "deferred in round 1",
                "deferred in round 2");
        assertThat(log.indexOf("first round")).isLessThan(log.indexOf("second round"));
    }

    @Test
    @DisplayName("H18: the interrupt status is taken away around work and given back")
    void interruptStatus() {
        var seen = new ArrayList<Boolean>();
        turn.body = () -> {
            seen.add(Thread.currentThread().isInterrupted());
            return Turn.DONE;
        };
        Thread.currentThread().interrupt();
        turn.news();
        assertThat(Thread.interrupted()).isTrue();
        assertThat(seen).containsExactly(false);
    }

    @Test
    @DisplayName("H13: a plain counter behind a turn is exact under news and polls from many threads")
    void stress() throws Exception {
        int threads = 4;
        int each = 200_000;
        var published = new AtomicLong();
        var counted = new long[1];
        var counter = new TestTurn() {
            @Override
            protected @Nullable Deferred left(int report) {
                return null;
            }
        };
        counter.body = () -> {
            // Takes what was published, with plain accesses that only the turn protects.
            counted[0] += published.getAndSet(0);
            return Turn.DONE;
        };
        var go = new CountDownLatch(1);
        List<Thread> all = new ArrayList<>();
        for (int i = 0; i < threads; i++) {
            all.add(Thread.ofPlatform().start(() -> {
                try {
                    go.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
                for (int n = 0; n < each; n++) {
                    published.incrementAndGet();
                    counter.news();
                    if (n % 7 == 0) {
                        counter.poll();
                    }
                }
            }));
        }
        go.countDown();
        for (Thread thread : all) {
            thread.join();
        }
        assertThat(counter.tryEnter()).isTrue();
        assertThat(published).as("news was skipped").hasValue(0);
        assertThat(counted[0]).isEqualTo((long) threads * each);
    }

    static final class Logged extends Deferred {
        private final List<String> log;
        private final String text;
        private final @Nullable Deferred arises;

        Logged(List<String> log, String text) {
            this(log, text, null);
        }

        Logged(List<String> log, String text, @Nullable Deferred arises) {
            this.log = log;
            this.text = text;
            this.arises = arises;
        }

        @Override
        protected @Nullable Deferred perform() {
            log.add(text);
            return arises;
        }
    }
}
