/**
 * What every recording is turned into, whatever its format: jobs on queues with the times at which things happened to them, in
 * primitive columns, so that millions fit into a few hundred megabytes.
 */
@NullMarked
package io.ringfence.sim.workload;

import org.jspecify.annotations.NullMarked;
