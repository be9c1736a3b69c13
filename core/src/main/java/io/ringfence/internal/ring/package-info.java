/**
 * The ring of a queue: the cursor that producers claim from, and the slots that pass from the producer to the issue
 * turn and on to the completion turn without ever moving.
 */
@NullMarked
package io.ringfence.internal.ring;

import org.jspecify.annotations.NullMarked;
