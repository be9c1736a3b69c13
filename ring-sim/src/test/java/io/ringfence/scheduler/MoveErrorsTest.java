package io.ringfence.scheduler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;

import io.ringfence.fence.PointFence;
import io.ringfence.internal.turn.StackRoom;
import io.ringfence.sim.schedule.MockJob;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Memory or stack is short while an entity is moved or opened. */
class MoveErrorsTest extends SchedulerTestBase {

    /** Where there is none. */
    enum Place {
        MOVE(EntityHome.class, "moveTo"), DECIDE(EntityHome.class, "decide"), SETTLE(SchedulerCore.class, "settle");

        private final Class<?> type;
        private final String method;

        Place(Class<?> type, String method) {
            this.type = type;
            this.method = method;
        }

        NoMemory at(int visit) {
            return NoMemory.in(type, method, visit);
        }
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("H7: an entity that is moved while memory is short loses no job and keeps no scheduler from its end")
    void moved(Place place) throws Exception {
        for (boolean busy : new boolean[] {true, false}) {
            boolean happened = true;
            for (int visit = 1; happened; visit++) {
                happened = moved(place, visit, busy);
            }
        }
    }

    /** Whether memory was short. */
    private boolean moved(Place place, int visit, boolean busy) throws Exception {
        List<Scheduler<MockJob>> three = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            three.add(scheduler(gpu(), options()));
        }
        Entity<MockJob> entity = Scheduler.openEntity(EntityOptions.named("one"), three.subList(0, 2), null);
        PointFence before = entity.submit(MockJob.micros("before", 5_000));
        runMillis(busy ? 1 : 10);
        assertThat(before.isDone()).isEqualTo(!busy);
        boolean happened;
        try (NoMemory once = place.at(visit)) {
            try {
                entity.setCandidates(three.subList(2, 3));
            } catch (OutOfMemoryError noMemory) {
                assertThat(once.happened()).isTrue();
            }
            happened = once.happened();
        }
        PointFence after = entity.submit(MockJob.micros("after", 1));
        runMillis(10);
        assertOk(before);
        assertOk(after);
        assertOk(entity.startClose());
        runMillis(1);
        assertThat(three).as("visit %s, busy %s", visit, busy).allSatisfy(each -> assertOk(each.startClose()));
        return happened;
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("H7: an entity that cannot be opened while memory is short keeps no scheduler from its end")
    void opened(Place place) {
        boolean happened = true;
        for (int visit = 1; happened; visit++) {
            Scheduler<MockJob> scheduler = scheduler(gpu(), options());
            try (NoMemory once = place.at(visit)) {
                try {
                    assertOk(scheduler.openEntity("one", Priority.NORMAL).startClose());
                } catch (OutOfMemoryError noMemory) {
                    assertThat(once.happened()).isTrue();
                }
                happened = once.happened();
            }
            runMillis(1);
            assertThat(scheduler.status().entities()).as("visit %s", visit).isZero();
            assertOk(scheduler.startClose());
        }
    }

    @Test
    @DisplayName("H7: who has too little stack to move an entity learns it before anything is changed")
    void noRoom() {
        Scheduler<MockJob> first = scheduler(gpu(), options());
        Scheduler<MockJob> second = scheduler(gpu(), options());
        Entity<MockJob> entity = first.openEntity("one", Priority.NORMAL);
        assertThatThrownBy(() -> whereRoomIsShort(() -> entity.setCandidates(List.of(second))))
                .isInstanceOf(StackOverflowError.class);
        assertThat(second.status().entities()).isZero();
        assertThat(entity.trySubmit(MockJob.endless("job"))).isPositive();
        assertThat(entity.status().home()).isEqualTo(first.name());
        assertThat(devices.getFirst().advance(1)).isEqualTo(1);
    }

    private static void whereRoomIsShort(Runnable body) {
        if (StackRoom.isAmple()) {
            whereRoomIsShort(body);
        } else {
            body.run();
        }
    }
}
