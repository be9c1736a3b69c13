package io.ringfence.queue;

/** A payload that describes itself as the test says, null included. */
record Described(String text) {
    @Override
    public String toString() {
        return text;
    }
}
