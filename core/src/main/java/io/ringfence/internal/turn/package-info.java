/**
 * Turns: how the core lets one thread at a time work behind a counter instead of a lock, and how what arises meanwhile
 * is worked off afterwards in a loop, without nesting and without recursion.
 */
@NullMarked
package io.ringfence.internal.turn;

import org.jspecify.annotations.NullMarked;
