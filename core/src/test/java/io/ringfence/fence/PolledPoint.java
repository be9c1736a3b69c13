package io.ringfence.fence;

import java.util.List;

import io.ringfence.internal.timeline.Producer;
import io.ringfence.internal.timeline.TimelineState;

/** Makes points that never come and tell when they are polled. */
final class PolledPoint {

    private PolledPoint() {
    }

    static PointFence named(String name, List<String> told) {
        TimelineState state = new TimelineState(16);
        state.producer(new Producer() {
            @Override
            public void poll() {
                told.add(name);
            }

            @Override
            public long claimed() {
                return 1;
            }

            @Override
            public void enableSignalling() {
            }

            @Override
            public void hintDeadline(long seqno, long nanoTime) {
            }
        });
        PointFence point = new PointFence(new Timeline(name, state));
        point.claimed(1);
        return point;
    }
}
