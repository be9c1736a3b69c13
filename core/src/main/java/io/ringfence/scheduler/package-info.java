/**
 * Many entities on one ring of a device: the kernel's {@code drm_sched}, for hardware that does not schedule by itself.
 *
 * <p>{@link io.ringfence.scheduler.Scheduler} decides whose job goes next, by a {@link io.ringfence.scheduler.Policy}, when the device
 * has credits for it. {@link io.ringfence.scheduler.Entity} is what a client submits to. Where the firmware schedules, use one
 * {@link io.ringfence.queue.JobQueue} for each of its queues instead.
 */
@NullMarked
package io.ringfence.scheduler;

import org.jspecify.annotations.NullMarked;
