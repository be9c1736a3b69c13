package io.ringfence.sim.replay;

import static io.ringfence.sim.ftrace.Texts.request;
import static org.assertj.core.api.Assertions.assertThat;

import io.ringfence.sim.ftrace.Texts;
import io.ringfence.sim.workload.Recording;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whom policies would choose, and when slots would allow it, beside hand-made recordings of i915. */
class FollowedReplayTest {

    /** Three contexts; 20 is submitted before 25 and ready after it; 30 comes last. The hardware takes 25, then 20, then 30. */
    private static Recording crossed() throws Exception {
        return Texts.read(request(0, "queue", 20, 1, ", flags=0x0"), request(10, "queue", 25, 1, ", flags=0x0"),
                request(20, "submit", 25, 1, ", global=0"), request(30, "submit", 20, 1, ", global=0"),
                request(35, "queue", 30, 1, ", flags=0x0"), request(36, "submit", 30, 1, ", global=0"),
                request(40, "in", 25, 1, ", prio=0, port=0"), request(50, "in", 20, 1, ", prio=0, port=1"),
                request(60, "out", 25, 1, ", completed?=1"), request(61, "in", 30, 1, ", prio=0, port=1"),
                request(70, "out", 20, 1, ", completed?=1"), request(80, "out", 30, 1, ", completed?=1"));
    }

    @ParameterizedTest
    @CsvSource({"ready-fifo, 2", "fifo, 1", "rr, 0"})
    void policiesAreAskedAmongThoseThatAreReady(String policy, long matched) throws Exception {
        FollowedResult result = new FollowedReplay(crossed(), 2).work(policy);
        assertThat(result.contested()).isEqualTo(2);
        assertThat(result.contestedMatched()).isEqualTo(matched);
        assertThat(result.isExplained()).isEqualTo(matched == 2);
        assertThat(result.decisions().total()).isEqualTo(3);
        assertThat(result.decisions().early()).isZero();
    }

    @Test
    void equalTimesKeepTheOrderOfTheFile() throws Exception {
        Recording recording = Texts.read(request(0, "queue", 20, 1, ""), request(0, "queue", 25, 1, ""),
                request(1, "submit", 25, 1, ""), request(1, "submit", 20, 1, ""), request(1, "in", 25, 1, ""),
                request(1, "in", 20, 1, ""), request(1, "queue", 30, 1, ""), request(1, "submit", 30, 1, ""),
                request(1, "in", 30, 1, ""), request(9, "out", 25, 1, ", completed?=1"),
                request(9, "out", 20, 1, ", completed?=1"), request(9, "out", 30, 1, ", completed?=1"));
        FollowedResult result = new FollowedReplay(recording, 3).work("ready-fifo");
        assertThat(result.contested()).as("30 was not there yet").isEqualTo(1);
        assertThat(result.contestedMatched()).isEqualTo(1);
        assertThat(new FollowedReplay(recording, 3).work("fifo").contestedMatched()).isZero();
    }

    @Test
    void oneSlotIsNotWhatTwoContextsHad() throws Exception {
        FollowedResult one = new FollowedReplay(crossed(), 1).work("ready-fifo");
        assertThat(one.decisions().early()).isEqualTo(2);
        assertThat(one.isExplained()).isFalse();
        assertThat(one.times().startNanos(1)).as("when it was ready").isEqualTo(20_000);
        assertThat(one.times().startNanos(0)).as("when 25 is out").isEqualTo(60_000);
    }

    @Test
    void contextOnTheHardwareTakesItsNextRequestWithoutASlotIfItWasTheLast() {
        SlotModel model = new SlotModel(3, 2);
        assertThat(model.start(0, 0, 5, 100)).isZero();
        assertThat(model.start(1, 6, 10, 50)).isEqualTo(6);
        assertThat(model.start(1, 20, 21, 60)).as("it joins").isEqualTo(20);
        assertThat(model.start(0, 30, 61, 120)).as("it was not the last: it waits for 1").isEqualTo(60);
        assertThat(model.start(2, 62, 63, 64)).as("there is a slot").isEqualTo(62);
        assertThat(model.start(2, 70, 71, 130)).isEqualTo(71 - 1);
        assertThat(model.start(1, 72, 120, 140)).as("0 leaves first").isEqualTo(120);
    }

    @Test
    void contextsComeAndGoAndAreAskedAnew() throws Exception {
        Recording recording = Texts.read(request(0, "queue", 20, 1, ""), request(1, "submit", 20, 1, ""),
                request(2, "queue", 20, 2, ""), request(3, "in", 20, 1, ""), request(4, "queue", 25, 1, ""),
                request(5, "submit", 25, 1, ""), request(6, "submit", 20, 2, ""), request(7, "in", 25, 1, ""),
                request(8, "in", 20, 2, ""), request(9, "out", 20, 2, ", completed?=1"),
                request(9, "out", 25, 1, ", completed?=1"));
        assertThat(new FollowedReplay(recording, 2).work("ready-fifo").contestedMatched()).isEqualTo(1);
        assertThat(new FollowedReplay(recording, 2).work("fifo").contestedMatched()).isZero();
        assertThat(new FollowedReplay(recording, 2).work("rr").contestedMatched()).isEqualTo(1);
        assertThat(new FollowedReplay(recording, 2).work("fair").contested()).isEqualTo(1);
    }
}
