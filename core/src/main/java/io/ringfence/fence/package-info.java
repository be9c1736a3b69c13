/**
 * Fences: things that will happen once, with an outcome.
 *
 * <ul>
 * <li>What one waits for: {@link io.ringfence.fence.Fence}; {@link io.ringfence.fence.PointFence}, the end of a job, a point of
 * a queue's {@link io.ringfence.fence.Timeline}; {@link io.ringfence.fence.Result}, a fence with a value.
 * <li>Who signals: the queue; {@link io.ringfence.fence.FenceIssuer}, {@link io.ringfence.fence.ResultIssuer};
 * {@link io.ringfence.fence.PreemptIssuer} for a queue that is asked to leave its device.
 * <li>Made of others: {@link io.ringfence.fence.Fences}.
 * <li>Where fences are put and found: {@link io.ringfence.fence.SyncObject}, {@link io.ringfence.fence.SyncFile},
 * {@link io.ringfence.fence.Reservation} with its {@link io.ringfence.fence.ReservationLocks}.
 * <li>What became of it: {@link io.ringfence.fence.Outcome}, {@link io.ringfence.fence.Failure}.
 * </ul>
 *
 * <p>The members of the kernel's {@code dma_fence} family, each with one concept and no lock on the way of a signal.
 */
@NullMarked
package io.ringfence.fence;

import org.jspecify.annotations.NullMarked;
