/** Schedulers at work on a device that only takes time: the kernel's scheduling tests, on a virtual clock, and a picture of them. */
@NullMarked
package io.ringfence.sim.schedule;

import org.jspecify.annotations.NullMarked;
