package io.ringfence.sim.replay;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

import io.ringfence.scheduler.Policies;
import io.ringfence.sim.workload.EventPlaces;
import io.ringfence.sim.workload.IndexSort;
import io.ringfence.sim.workload.LongColumn;
import io.ringfence.sim.workload.Recording;

/**
 * Follows a recording and asks at each start two questions: whom a policy would have chosen among the contexts whose first unstarted job
 * was ready, and when the slots would have allowed it. The recorded sequence goes on whatever the answers are, so one that is wrong
 * does not make those after it wrong.
 *
 * <p>Slots hold contexts, not jobs, as i915's execlists do: a context leaves when the last of its jobs that were started is out; while it
 * is there and was the last to be started, its next job joins it without another slot.
 */
public final class FollowedReplay {

    private static final int KINDS = 4;
    private static final int DONE = 0;
    private static final int SUBMIT = 1;
    private static final int READY = 2;
    private static final int START = 3;

    private final Recording recording;
    private final EventPlaces places;
    private final RingTimes times;
    private final int slots;
    private final long[] allowed;
    private final int[] next;
    private final boolean[] started;
    /** Where the submission of each job stands among all events. */
    private final int[] submitPlace;
    private final int[] readyPlace;

    /**
     * Prepares.
     *
     * @param recording what to follow; of a format that keeps the places of events
     * @param slots     how many contexts may be on a ring at a time
     */
    public FollowedReplay(Recording recording, int slots) {
        this.recording = recording;
        this.slots = slots;
        places = Objects.requireNonNull(recording.places(), "places");
        times = new RingTimes(recording);
        int jobs = recording.jobCount();
        allowed = new long[jobs];
        started = new boolean[jobs];
        submitPlace = new int[jobs];
        readyPlace = new int[jobs];
        next = new int[jobs];
        linkContexts();
    }

    private void linkContexts() {
        int[] following = new int[recording.queueCount()];
        Arrays.fill(following, -1);
        for (int job = next.length - 1; job >= 0; job--) {
            next[job] = following[recording.queue(job)];
            following[recording.queue(job)] = job;
        }
    }

    /**
     * Does it.
     *
     * @param policy the name of the policy that is asked; {@code rr} is the kernel's list, not the scheduler's ranks
     * @return what was found
     * @throws IllegalArgumentException if there is no such policy
     */
    public FollowedResult work(String policy) {
        int[] events = events();
        List<FollowedRing> rings = new ArrayList<>();
        for (int ring = 0; ring < recording.ringCount(); ring++) {
            rings.add(new Ring(ring, asked(policy)).follow(events));
        }
        int jobs = recording.jobCount();
        long[] lags = new long[jobs];
        long[] ends = new long[jobs];
        long[] submits = new long[jobs];
        for (int job = 0; job < jobs; job++) {
            lags[job] = recording.startNanos(job) - allowed[job];
            ends[job] = Math.max(allowed[job], recording.endNanos(job));
            submits[job] = recording.submitNanos(job);
        }
        ReplayResult result = new ReplayResult(recording, submits, allowed, ends, jobs, List.of());
        return new FollowedResult(recording, slots, rings, Decisions.of(lags), result);
    }

    private Asked asked(String policy) {
        int contexts = recording.queueCount();
        return policy.equals("rr")
                ? new AskedList(contexts)
                : new AskedPolicy(Policies.named(policy).get(), contexts);
    }

    /** All events in the order of time; at equal times ends first, then as they stand in the file. */
    private int[] events() {
        int[] events = IndexSort.sort(Math.multiplyExact(KINDS, recording.jobCount()), (a, b) -> {
            int byTime = Long.compare(time(a), time(b));
            return byTime != 0 ? byTime : Integer.compare(place(a), place(b));
        });
        for (int i = 0; i < events.length; i++) {
            if (events[i] % KINDS == SUBMIT) {
                submitPlace[events[i] / KINDS] = i;
            } else if (events[i] % KINDS == READY) {
                readyPlace[events[i] / KINDS] = i;
            }
        }
        return events;
    }

    private long time(int event) {
        int job = event / KINDS;
        return switch (event % KINDS) {
            case DONE -> recording.endNanos(job);
            case SUBMIT -> recording.submitNanos(job);
            case READY -> recording.readyNanos(job);
            default -> recording.startNanos(job);
        };
    }

    private int place(int event) {
        int job = event / KINDS;
        return switch (event % KINDS) {
            case DONE -> -1;
            case SUBMIT -> places.submit(job);
            // One that nobody told of being ready was so when it was submitted.
            case READY -> Math.max(places.ready(job), places.submit(job));
            default -> places.run(job);
        };
    }

    /** One ring while it is followed. */
    private final class Ring {
        private final int ring;
        private final Asked asked;
        /** The first job of each context that was submitted and not started, or -1. */
        private final int[] heads = new int[recording.queueCount()];
        private final boolean[] isReady = new boolean[recording.jobCount()];
        private final boolean[] isSubmitted = new boolean[recording.jobCount()];
        private final SlotModel model = new SlotModel(recording.queueCount(), slots);
        private final LongColumn lags = new LongColumn();
        private long contested;
        private long matched;

        private Ring(int ring, Asked asked) {
            this.ring = ring;
            this.asked = asked;
            Arrays.fill(heads, -1);
        }

        private FollowedRing follow(int[] events) {
            for (int event : events) {
                int job = event / KINDS;
                if (recording.ring(job) == ring) {
                    take(event % KINDS, job);
                }
            }
            return new FollowedRing(recording.ringName(ring), Decisions.of(lags.toArray()), contested, matched);
        }

        private void take(int kind, int job) {
            int context = recording.queue(job);
            switch (kind) {
                case DONE -> asked.done(context, times.service(job));
                case SUBMIT -> {
                    isSubmitted[job] = true;
                    if (heads[context] < 0 && !started[job]) {
                        heads[context] = job;
                        asked.joined(context, submitPlace[job]);
                    }
                }
                case READY -> {
                    isReady[job] = true;
                    if (heads[context] == job) {
                        asked.ready(context, readyPlace[job]);
                    }
                }
                case START -> start(context, job);
                default -> throw new IllegalStateException("event of kind " + kind);
            }
        }

        private void start(int context, int job) {
            if (asked.readyCount() > 1) {
                contested++;
                matched += asked.choose() == context ? 1 : 0;
            }
            started[job] = true;
            allowed[job] = model.start(context, recording.readyNanos(job), recording.startNanos(job),
                    recording.endNanos(job));
            lags.add(recording.startNanos(job) - allowed[job]);
            if (heads[context] == job) {
                advance(context, job);
            }
        }

        private void advance(int context, int job) {
            int head = next[job];
            while (head >= 0 && started[head]) {
                head = next[head];
            }
            heads[context] = head >= 0 && isSubmitted[head] ? head : -1;
            asked.took(context, heads[context] < 0 ? -1 : submitPlace[head]);
            if (heads[context] >= 0 && isReady[head]) {
                asked.ready(context, readyPlace[head]);
            }
        }
    }
}
