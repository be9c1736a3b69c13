package io.ringfence.sim.prove;

import java.io.IOException;
import java.util.List;

import io.ringfence.sim.workshop.Workshop;

/** The explorer: what a switch between two shared accesses brings about, which jcstress finds by chance only. */
final class Schedules implements Check {

    private static final int QUICK = 20_000;
    private static final int FULL = 1_000_000;

    @Override
    public String name() {
        return "schedules";
    }

    @Override
    public Section run(Workshop workshop, boolean quick) throws IOException, InterruptedException {
        int seeds = quick ? QUICK : FULL;
        Workshop.Ended ran = workshop.run("schedules", workshop.root(), List.of("bash",
                workshop.root().resolve("ringfence").toString(), "explore", "--seeds", String.valueOf(seeds)));
        boolean holds = ran.code() == 0;
        return new Section("Schedules",
                holds ? "no rule broken in " + seeds + " schedules of the real code" : "a rule was BROKEN", holds,
                Section.printed(String.join("\n", ran.lines())));
    }
}
