/** Programs that commands run on the source tree. */
@NullMarked
package io.ringfence.sim.workshop;

import org.jspecify.annotations.NullMarked;
