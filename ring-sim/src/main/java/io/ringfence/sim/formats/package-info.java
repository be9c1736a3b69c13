/** Tells trace files apart by what is in them, and has them read. */
@NullMarked
package io.ringfence.sim.formats;

import org.jspecify.annotations.NullMarked;
