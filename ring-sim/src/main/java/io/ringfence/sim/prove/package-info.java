/** Runs what shows that the memory orderings hold, and writes one report of it. */
@NullMarked
package io.ringfence.sim.prove;

import org.jspecify.annotations.NullMarked;
