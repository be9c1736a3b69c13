/**
 * The main job: a tiled matrix product on several queues, checked bit for bit.
 */
@NullMarked
package io.ringfence.sim.run;

import org.jspecify.annotations.NullMarked;
