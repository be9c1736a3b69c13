/**
 * What the tracepoints of Linux's GPU drivers tell, whatever file they stand in: jobs are put together from the events of
 * {@code amdgpu}, {@code drm_sched} (the names up to Linux 6.16 and the stable ones since), {@code i915}, or of bare fences.
 */
@NullMarked
package io.ringfence.sim.drm;

import org.jspecify.annotations.NullMarked;
