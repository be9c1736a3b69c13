/** Reads what Linux's ftrace writes as text: the {@code trace} file itself, or what {@code trace-cmd report} prints. */
@NullMarked
package io.ringfence.sim.ftrace;

import org.jspecify.annotations.NullMarked;
