/**
 * What the host learns of a device: where its rings stand, what is wrong with it.
 */
@NullMarked
package io.ringfence.sim.device;

import org.jspecify.annotations.NullMarked;
