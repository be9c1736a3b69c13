package io.ringfence.figures.devices;

import org.openjdk.jmh.infra.BenchmarkParams;

/** JMH adds a secondary result up over iterations and forks; what is no sum has to be given in shares. */
public final class Iterations {

    private Iterations() {
    }

    /** How many results are added up. */
    public static int of(BenchmarkParams params) {
        return Math.max(1, params.getForks()) * params.getMeasurement().getCount();
    }
}
