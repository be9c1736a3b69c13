/**
 * Plans of what goes wrong in the firmware, and the dice that say when. Nothing here makes anything fail: the firmware
 * asks at each chance and does as it is told.
 */
@NullMarked
package io.ringfence.sim.faults;

import org.jspecify.annotations.NullMarked;
