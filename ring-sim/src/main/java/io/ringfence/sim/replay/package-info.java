/**
 * Replays recorded workloads on firmware delays, and checks the result against the recording.
 */
@NullMarked
package io.ringfence.sim.replay;

import org.jspecify.annotations.NullMarked;
