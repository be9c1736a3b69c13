/**
 * The soak: real threads against firmware that misbehaves, with queues that are killed, closed, banned and reset all the while, and a
 * ledger that finds whatever is lost, done twice or out of order.
 */
@NullMarked
package io.ringfence.sim.soak;

import org.jspecify.annotations.NullMarked;
