/**
 * Reads Perfetto traces, as protobuf and as text, as far as they hold ftrace events of drm_sched and of fences. The few messages that
 * matter are read by their field numbers: the library that knows all of Perfetto's would be larger than this program, and the common one
 * for protobuf prints warnings on this JDK.
 */
@NullMarked
package io.ringfence.sim.perfetto;

import org.jspecify.annotations.NullMarked;
