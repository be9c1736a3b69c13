package io.ringfence.sim.explore;

/**
 * A mistake that somebody could make in the code that ships.
 *
 * @param name      what it is called; begins with the hazard it belongs to
 * @param file      the source file, below the folder of all sources
 * @param text      what stands there, exactly once
 * @param wrong     what would stand there
 * @param scenario  the scenario that shows it
 * @param schedules within how many schedules it must be found
 */
record Mutation(String name, String file, String text, String wrong, String scenario, int schedules) {

    @Override
    public String toString() {
        return name;
    }
}
