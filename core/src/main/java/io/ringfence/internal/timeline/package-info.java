/**
 * The machinery of a timeline: its counter, the waiters that hang on it, the log of failures, the link to its producer.
 */
@NullMarked
package io.ringfence.internal.timeline;

import org.jspecify.annotations.NullMarked;
