/**
 * The command line.
 */
@NullMarked
package io.ringfence.sim.cli;

import org.jspecify.annotations.NullMarked;
