/**
 * A world in which one thread runs everything and the clock moves only when nothing is left to do.
 */
@NullMarked
package io.ringfence.sim.virtual;

import org.jspecify.annotations.NullMarked;
