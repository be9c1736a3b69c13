/**
 * Reads execution traces of MLCommons Chakra from JSON: nodes that take a time and depend on each other. What was recorded is a graph, so
 * there are no times to compare with: what stands for them is the earliest moment that dependencies allow.
 */
@NullMarked
package io.ringfence.sim.chakra;

import org.jspecify.annotations.NullMarked;
