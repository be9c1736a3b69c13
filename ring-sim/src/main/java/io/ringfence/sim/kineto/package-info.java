/**
 * Reads PyTorch Kineto traces ({@code .json}, {@code .json.gz}) into a compact graph of the recorded device
 * operations.
 *
 * <p>{@link io.ringfence.sim.kineto.KinetoReader} parses the file as a stream and keeps only what the graph needs, in
 * primitive columns, so that millions of operations fit into a few hundred megabytes. The result is a
 * {@link io.ringfence.sim.kineto.KinetoTrace}: jobs numbered in host order, the queues they ran on, and the
 * dependencies that stream order and event waits put between them.
 *
 * <p>How the graph follows from the recording:
 *
 * <ul>
 *   <li>A job is a complete event ({@code "ph":"X"}) of category {@code kernel}, {@code gpu_memcpy} or
 *       {@code gpu_memset}. Its queue is the pair of {@code args.device} and {@code args.stream}.
 *   <li>Its launch is the {@code cuda_runtime}, {@code cuda_driver} or {@code hip_runtime} call with the same
 *       {@code args.correlation}. Host order is launch time, then correlation, then recorded start, then place in the
 *       file.
 *   <li>Jobs of one queue depend on each other in host order.
 *   <li>A {@code cuda_sync} record "Stream Wait Event" makes the next job of its stream depend on the last job that the
 *       recorded event covers. Host-side synchronisations make no dependency between jobs.
 * </ul>
 *
 * <p>What a recording leaves out or contradicts is counted in {@link io.ringfence.sim.kineto.KinetoTrace#warnings()};
 * a file that is no such recording is a {@link io.ringfence.sim.workload.TraceFormatException}.
 */
@NullMarked
package io.ringfence.sim.kineto;

import org.jspecify.annotations.NullMarked;
