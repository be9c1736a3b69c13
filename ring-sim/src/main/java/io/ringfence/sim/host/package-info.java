/**
 * The host's side of the shared memory: what writes slots and requests, reads events, and notices what is wrong with the device.
 */
@NullMarked
package io.ringfence.sim.host;

import org.jspecify.annotations.NullMarked;
