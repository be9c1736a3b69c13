package io.ringfence.sim.bench;

import static io.ringfence.sim.bench.Wanted.counted;
import static io.ringfence.sim.bench.Wanted.time;

import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

/** What is asked of the code, what it takes to answer, and what the answer should be. */
@SuppressWarnings("ImmutableEnumChecker") // nobody changes its lists
enum Question {

    P1("one job there and back, the submitter spins", "ns", "point", "disruptor", "Disruptor ping-pong", "two lines",
            List.of(inTurn("operations", "trip", "operations"), inTurn("two lines", "trip", "lines"),
                    inTurn("disruptor", "trip", "disruptor"),
                    inTurn("point", "trip", "point")),
            Stream.concat(otherTrips(), Stream.of(lines("one line", 1))).toList()) {
        @Override
        List<Part> parts(Figures figures) {
            return List.of(
                    Part.atMost("at most 1.15 × two lines there and back", figures.ratio("point", "two lines"), 1.15),
                    Part.above("faster than the Disruptor: more than 1 ×", figures.ratio("disruptor", "point"), 1));
        }
    },
    P2("one producer, unbatched, full life of a job", "ns a job", "ringfence", "disruptorMulti", "Disruptor MULTI",
            "slot",
            List.of(inTurn("slot", "stream", "slots"), inTurn("disruptorMulti", "stream", "disruptorMulti"),
                    inTurn("ringfence", "stream", "ringfence")),
            Stream.of("disruptorSingle", "jctoolsMpsc", "agronaManyToOne", "agronaOneToOne", "arrayBlockingQueue",
                    "futurePool", "virtualThread", "synchronousQueue").map(Question::one).toList()) {
        @Override
        List<Part> parts(Figures figures) {
            return List.of(Part.atMost("at most 40 ns a job", figures.of("ringfence"), 40),
                    Part.atLeast("at least 4 × as many as Disruptor MULTI",
                            figures.ratio("disruptorMulti", "ringfence"),
                            4));
        }
    },
    P3("batches of 64", "ns a job", "ringfence", "disruptorMulti", "Disruptor MULTI, ranges of 64", "slot",
            List.of(inTurn("slot", "batches", "slots"), inTurn("disruptorMulti", "batches", "disruptorMulti"),
                    inTurn("ringfence", "batches", "ringfence")),
            List.of()) {
        @Override
        List<Part> parts(Figures figures) {
            return List.of(Part.atMost("at most 8 ns a job", figures.of("ringfence"), 8));
        }
    },
    P4("two producers on one queue", "ns a job", "ringfence", "disruptorMulti", "Disruptor MULTI", null,
            List.of(two("disruptorMulti"), two("ringfence")),
            Stream.of("jctoolsMpsc", "agronaManyToOne", "arrayBlockingQueue", "futurePool", "virtualThread")
                    .map(Question::two).toList()) {
        @Override
        List<Part> parts(Figures figures) {
            return List.of(Part.atLeast("at least 2 × as many as Disruptor MULTI with two producers",
                    figures.ratio("disruptorMulti", "ringfence"), 2));
        }
    },
    P5("chain of jobs over two queues", "ns a link", "host", null, "", null,
            List.of(inTurn("point", "chain", "trip"), inTurn("host", "chain", "host"),
                    inTurn("device", "chain", "device")),
            List.of()) {
        @Override
        List<Part> parts(Figures figures) {
            return List.of(
                    Part.atMost("by the host: at most 1.5 × one job there and back", figures.ratio("host", "point"),
                            1.5),
                    Part.atLeast("by the device: at least 10 × as fast a link", figures.ratio("host", "device"), 10));
        }
    },
    P6("allocated for a job", "B", "point API", null, "", null,
            List.of(counted("point API", "gc.alloc.rate.norm", "allocation.Allocation.point"),
                    counted("fence API", "gc.alloc.rate.norm", "allocation.Allocation.fence")),
            List.of()) {
        @Override
        List<Part> parts(Figures figures) {
            return List.of(
                    Part.atMost("nothing on the point API (less than half a byte)", figures.of("point API"), 0.5),
                    Part.atMost("one small object on the fence API (at most 48 B, to half a byte)",
                            figures.of("fence API"), 48.5));
        }
    },
    P7("a fan-in of 8 pending dependencies", "ns more than none", "queue", "futures", "CompletableFuture.allOf", "bare",
            List.of(inTurn("bare", "fanIn", "bare"), inTurn("futures", "fanIn", "futures"),
                    inTurn("queue", "fanIn", "queue")),
            List.of()) {
        @Override
        List<Part> parts(Figures figures) {
            return List.of(Part.atMost("at most 250 ns more than none", figures.of("queue"), 250));
        }
    },
    P8("100,000 idle queues", "B a queue", "bytes", null, "", null,
            List.of(counted("bytes", "bytesPerQueue", "idle.IdleQueues.footprint"),
                    counted("processor", "cpuMicrosPerSecond", "idle.IdleQueues.footprint"),
                    time("create and close", "idle.IdleQueues.createAndClose")),
            List.of(), "queues", "100000") {
        @Override
        List<Part> parts(Figures figures) {
            return List.of(Part.atMost("at most 1 KiB before the first job", figures.of("bytes"), 1024),
                    Part.atMost("no processor (at most 1,000 µs a second)", figures.of("processor"), 1000),
                    Part.atMost("at least 1 M/s created and closed (1,000 ns)", figures.of("create and close"), 1000));
        }
    },
    P9("a million virtual threads wait for a million points", "ns a thread", "points", "park", "bare park and unpark",
            null,
            List.of(wake("park"), wake("points"), wake("pinned")),
            List.of(), "waiters", "1000000") {
        @Override
        List<Part> parts(Figures figures) {
            return List.of(Part.atMost("no carrier pinned", figures.of("pinned"), 0),
                    Part.atLeast("at least 0.8 × as many a second as park and unpark",
                            figures.ratio("park", "points"), 0.8));
        }
    },
    P10("from 1 to 10,000 active queues", "ns a job on 10,000", "queues 10000", null, "", null,
            List.of(queues("1"), queues("10000")), List.of(queues("10"), queues("100"), queues("1000"))) {
        @Override
        List<Part> parts(Figures figures) {
            return List
                    .of(Part.atMost("at most twice as much as on one", figures.ratio("queues 10000", "queues 1"), 2));
        }
    },
    P11("a decision of the FAIR scheduler, 1,000 entities", "ns", "entities 1000", "executor",
            "executor fed by a PriorityBlockingQueue", null,
            List.of(inTurn("executor", "decision", "executor"), inTurn("entities 10", "decision", "entities10"),
                    inTurn("entities 1000", "decision", "entities1000"),
                    inTurn("entities 10000", "decision", "entities10000")),
            List.of()) {
        @Override
        List<Part> parts(Figures figures) {
            // Of a heap: the logarithm grows three times from 10 to 1,000, and by a third to 10,000; twice that, for the caches.
            return List.of(Part.below("under 1 µs", figures.of("entities 1000"), 1000),
                    Part.atMost("from 10 to 1,000 at most 6 × (twice what the logarithm grows)",
                            figures.ratio("entities 1000", "entities 10"), 6),
                    Part.atMost("from 1,000 to 10,000 at most 2.7 × (twice what the logarithm grows)",
                            figures.ratio("entities 10000", "entities 1000"), 2.7));
        }
    };

    final String work;
    final String unit;
    final String ours;
    final @Nullable String peer;
    final String peerName;
    final @Nullable String limit;
    /** What is needed, in the order in which it is told. */
    private final List<Wanted> needed;
    /** Other peers and sizes, for a run that is not quick. */
    private final List<Wanted> more;
    /** For JMH, names and values one after the other. */
    final List<String> parameters;

    Question(String work, String unit, String ours, @Nullable String peer, String peerName, @Nullable String limit,
            List<Wanted> needed, List<Wanted> more, String... parameters) {
        this.work = work;
        this.unit = unit;
        this.ours = ours;
        this.peer = peer;
        this.peerName = peerName;
        this.limit = limit;
        this.needed = needed;
        this.more = more;
        this.parameters = List.of(parameters);
    }

    private static Wanted trip(String way) {
        return time(way, "roundtrip.RoundTrip.thereAndBack", "way", way);
    }

    private static Stream<Wanted> otherTrips() {
        return Stream.of("fence", "future", "synchronousQueue", "virtualThread").map(Question::trip);
    }

    private static Wanted one(String way) {
        return time(way, "stream.OneProducer.job", "way", way);
    }

    private static Wanted two(String way) {
        return time(way, "stream.TwoProducers.job", "way", way);
    }

    private static Wanted lines(String name, int lines) {
        return time(name, "limits.CacheLines.thereAndBack", "lines", String.valueOf(lines));
    }

    /** One of those that a process runs in turn. */
    private static Wanted inTurn(String name, String work, String way) {
        return counted(name, way, "beside.InTurn." + work);
    }

    private static Wanted wake(String counter) {
        return counted(counter, counter, "waiters.WakeInTurn.wake");
    }

    private static Wanted queues(String count) {
        return time("queues " + count, "many.ActiveQueues.job", "queues", count);
    }

    List<Wanted> wanted(boolean quick) {
        return quick ? needed : Stream.concat(needed.stream(), more.stream()).toList();
    }

    /** Single round trips, each way in a process of its own. */
    static List<Wanted> latencies(boolean quick) {
        Stream<Wanted> needed = Stream.of(lines("two lines", 2), trip("disruptor"), trip("point"));
        return (quick ? needed : Stream.concat(needed, otherTrips())).toList();
    }

    /** What the answer should be. */
    abstract List<Part> parts(Figures figures);

    /** By its name, in any case. */
    static @Nullable Question named(String name) {
        for (Question question : values()) {
            if (question.name().equals(name.toUpperCase(Locale.ROOT))) {
                return question;
            }
        }
        return null;
    }
}
