package io.ringfence.sim.cli;

import io.ringfence.sim.replay.ReplayResult;

import org.jspecify.annotations.Nullable;

/**
 * What a replay has to say.
 *
 * @param json     the fields of the result
 * @param schedule when everything happened, or null if there is no one schedule
 * @param text     for people
 * @param isPassed whether what was checked is right
 */
record ReplayReport(JsonFile.Body json, @Nullable ReplayResult schedule, String text, boolean isPassed) {
}
