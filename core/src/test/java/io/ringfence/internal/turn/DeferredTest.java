package io.ringfence.internal.turn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;

import io.ringfence.internal.turn.TurnTest.Logged;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class DeferredTest {
    private final List<String> log = new ArrayList<>();

    @AfterEach
    void outside() {
        assertThat(UserCode.inside()).isFalse();
    }

    private Logged item(String text) {
        return new Logged(log, text);
    }

    private Logged item(String text, @Nullable Deferred arises) {
        return new Logged(log, text, arises);
    }

    private static @Nullable Deferred chain(Deferred... items) {
        Deferred all = null;
        for (Deferred item : items) {
            all = Deferred.join(all, item);
        }
        return all;
    }

    @Test
    void aChainIsWorkedOffInOrder() {
        Deferred.run(chain(item("1"), item("2"), item("3")));
        Deferred.run(null);
        assertThat(log).containsExactly("1", "2", "3");
    }

    @Test
    void whatArisesIsAppendedInTheOrderInWhichItArose() {
        Deferred.run(chain(item("1", chain(item("1a"), item("1b"))), item("2", item("2a", item("2aa"))), item("3")));
        assertThat(log).containsExactly("1", "2", "3", "1a", "1b", "2a", "2aa");
    }

    @Test
    void whatArisesFromTheLastItemGoesOn() {
        Deferred.run(item("1", chain(item("2", chain(item("3", item("5")), item("4"))))));
        assertThat(log).containsExactly("1", "2", "3", "4", "5");
    }

    @Test
    void aMixOfEmptyAndFullAnswersKeepsTheOrder() {
        Deferred.run(chain(item("1", item("4", chain(item("7"), item("8")))), item("2"),
                item("3", chain(item("5", item("9")), item("6")))));
        assertThat(log).containsExactly("1", "2", "3", "4", "5", "6", "7", "8", "9");
    }

    @Test
    void itemsMayBeUsedAgain() {
        Logged item = item("again");
        for (int i = 0; i < 3; i++) {
            Deferred.run(chain(item("before"), item, item("after")));
        }
        assertThat(log).hasSize(9);
        assertThat(item.next()).isNull();
    }

    @Test
    void aChainCanBeTurnedRound() {
        Deferred.run(Deferred.reverse(chain(item("1"), item("2"), item("3"))));
        assertThat(log).containsExactly("3", "2", "1");
        assertThat(Deferred.reverse(null)).isNull();
        assertThat(Deferred.join(null, null)).isNull();
    }

    @Test
    void whatArisesInsideUserCodeIsDeferredInOrder() {
        int token = UserCode.enter();
        Deferred.run(chain(item("1"), item("2")));
        Deferred.run(item("3"));
        Deferred.run(chain(item("4"), item("5")));
        assertThat(log).isEmpty();
        assertThat(UserCode.inside()).isTrue();

        Deferred rest = UserCode.exit(token);

        assertThat(UserCode.inside()).isFalse();
        Deferred.run(rest);
        assertThat(log).containsExactly("1", "2", "3", "4", "5");
        token = UserCode.enter();
        assertThat(UserCode.exit(token)).isNull();
    }

    @Test
    @DisplayName("H6: what could park is refused inside user code only, and says what was called")
    void refusesParking() {
        UserCode.refuseParking("await on", "outside");
        int token = UserCode.enter();
        try {
            assertThatThrownBy(() -> UserCode.refuseParking("await on", "x")).isInstanceOf(IllegalStateException.class)
                    .hasMessageStartingWith("await on x");
        } finally {
            UserCode.exit(token);
        }
    }

    @Test
    void theMarkIsOneThreadsOnly() throws Exception {
        int token = UserCode.enter();
        var seen = new ArrayList<Boolean>();
        Thread.ofPlatform().start(() -> seen.add(UserCode.inside())).join();
        Thread.ofVirtual().start(() -> seen.add(UserCode.inside())).join();
        UserCode.exit(token);
        assertThat(seen).containsExactly(false, false);
    }

    @Test
    void aLongChainIsOfferedToTheRuntimeOnceTheThreadHasDoneItsShare() {
        var done = new int[1];
        var offered = new ArrayList<Deferred>();
        Deferred all = null;
        for (int i = 0; i < 10_000; i++) {
            var item = new Deferred() {
                @Override
                protected @Nullable Deferred perform() {
                    done[0]++;
                    return null;
                }

                @Override
                protected boolean handOver(Deferred chain) {
                    offered.add(chain);
                    return true;
                }
            };
            item.next(all);
            all = item;
        }
        Deferred.run(all);
        assertThat(done[0]).isBetween(1_000, 9_000);
        while (!offered.isEmpty()) {
            Deferred.run(offered.removeFirst());
        }
        assertThat(done[0]).isEqualTo(10_000);
    }
}
