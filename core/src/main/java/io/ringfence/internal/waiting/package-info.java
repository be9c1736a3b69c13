/**
 * Waiting: nodes that fire once, the stacks they hang in until they do, and how a thread waits for one.
 */
@NullMarked
package io.ringfence.internal.waiting;

import org.jspecify.annotations.NullMarked;
