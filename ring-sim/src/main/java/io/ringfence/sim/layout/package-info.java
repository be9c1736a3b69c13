/**
 * The memory that host and firmware share: offsets, and accessors named by their memory mode.
 */
@NullMarked
package io.ringfence.sim.layout;

import org.jspecify.annotations.NullMarked;
