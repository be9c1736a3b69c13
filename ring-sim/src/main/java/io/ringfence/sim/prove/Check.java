package io.ringfence.sim.prove;

import java.io.IOException;

import io.ringfence.sim.workshop.Workshop;

/** Something that is run and makes a part of the report. */
interface Check {

    /** What it is called on the command line. */
    String name();

    /**
     * Does it.
     *
     * @param workshop where
     * @param quick    whether it is to be done soon
     * @return what came of it
     * @throws IOException          if a file or a program cannot be had
     * @throws InterruptedException if the thread is interrupted meanwhile
     */
    Section run(Workshop workshop, boolean quick) throws IOException, InterruptedException;
}
