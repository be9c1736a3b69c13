/** What people write on a command line or into a plan, as figures. */
@NullMarked
package io.ringfence.sim.text;

import org.jspecify.annotations.NullMarked;
