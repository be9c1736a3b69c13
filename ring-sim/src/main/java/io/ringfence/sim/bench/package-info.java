/** Runs the benchmarks of the source tree beside their peers and limits, and tells which targets are met. */
@NullMarked
package io.ringfence.sim.bench;

import org.jspecify.annotations.NullMarked;
