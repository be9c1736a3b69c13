/**
 * The default device: a firmware ring in off-heap memory, and simulated firmware that busy-polls it and does real work.
 */
@NullMarked
package io.ringfence.sim;

import org.jspecify.annotations.NullMarked;
