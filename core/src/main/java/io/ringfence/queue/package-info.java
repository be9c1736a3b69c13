/**
 * Job queues: one queue drives one ring of a device through its {@link io.ringfence.driver.Driver}, in order, with
 * dependencies and flow control, and gives out fences.
 *
 * <p>A queue is one ring and three cursors. A job's place between them says whose it is:
 * <pre>
 *         finished        issued                    claimed
 *  ──────────┼───────────────┼─────────────────────────┼──────────────▶ seqno
 *   released │   on device   │  waiting (published)     │  free
 * </pre>
 */
@NullMarked
package io.ringfence.queue;

import org.jspecify.annotations.NullMarked;
