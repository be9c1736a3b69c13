/**
 * The explorer: programs that use queues run as tasks of a deterministic world, one at a time, and a strategy chooses at every
 * shared access which of them goes on. What runs is the code that ships.
 *
 * <ul>
 * <li>{@code World} is the probe behind the seam: tasks, the clock, what the collector would do.
 * <li>{@code Strategy} chooses; {@code Stage} gives scenarios their queues and devices and checks what happens on them.
 * <li>{@code Explorer} runs schedules by the thousand and shortens the one that went wrong.
 * </ul>
 */
package io.ringfence.sim.explore;
