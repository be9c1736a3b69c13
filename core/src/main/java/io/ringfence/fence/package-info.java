/**
 * Fences: things that will happen once, with an outcome. The points of a queue's timeline, and fences that other code
 * signals.
 */
@NullMarked
package io.ringfence.fence;

import org.jspecify.annotations.NullMarked;
