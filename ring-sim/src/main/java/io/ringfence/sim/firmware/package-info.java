/**
 * The firmware's side: it polls slot stamps, copies each command once, checks the copy, executes it.
 */
@NullMarked
package io.ringfence.sim.firmware;

import org.jspecify.annotations.NullMarked;
