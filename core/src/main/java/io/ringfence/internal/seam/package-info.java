/**
 * The one place through which time, parking, spinning, thread start and the shared accesses of the lock-free code pass.
 *
 * <p>In production {@link io.ringfence.internal.seam.Seam#ON} is constant false and every method here folds into the
 * plain JDK call. With {@code -Dringfence.seam=true} a {@link io.ringfence.internal.seam.Probe} takes the calls
 * instead, so that a scheduler with a virtual clock runs the very code that ships.
 */
@NullMarked
package io.ringfence.internal.seam;

import org.jspecify.annotations.NullMarked;
