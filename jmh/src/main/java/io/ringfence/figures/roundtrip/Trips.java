package io.ringfence.figures.roundtrip;

import io.ringfence.figures.peers.Way;

/** The ways to have one job done after the other, by name. */
public final class Trips {

    private Trips() {
    }

    /** Opens one. */
    public static Way open(String name) {
        return switch (name) {
            case "point" -> new PointTrip();
            case "fence" -> new FenceTrip();
            case "bare" -> new BareTrip();
            case "disruptor" -> new DisruptorTrip();
            case "future" -> new FutureTrip();
            case "synchronousQueue" -> new SynchronousQueueTrip();
            case "virtualThread" -> new VirtualThreadTrip();
            default -> throw new IllegalArgumentException("way '" + name + "': there is no such way");
        };
    }
}
