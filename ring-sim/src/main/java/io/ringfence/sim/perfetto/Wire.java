package io.ringfence.sim.perfetto;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** The wire format of protobuf in memory: tags, numbers, lengths. Throws {@link BrokenWireException} where it ends too early. */
final class Wire {

    static final int VARINT = 0;
    static final int FIXED64 = 1;
    static final int BYTES = 2;
    static final int FIXED32 = 5;

    private static final int TYPE_BITS = 3;
    private static final int TYPE_MASK = 7;

    /** The bytes cannot be a message. */
    static final class BrokenWireException extends Exception {
        private static final long serialVersionUID = 1L;

        BrokenWireException(String message) {
            super(message);
        }
    }

    private final byte[] data;
    private int at;
    private int limit;
    private int field;
    private int type;

    Wire(byte[] data) {
        this.data = data;
        limit = data.length;
    }

    /** Goes to the next field of the message; false at its end. */
    boolean next() throws BrokenWireException {
        if (at >= limit) {
            return false;
        }
        long tag = varint();
        field = (int) (tag >>> TYPE_BITS);
        type = (int) tag & TYPE_MASK;
        return true;
    }

    int field() {
        return field;
    }

    int type() {
        return type;
    }

    long varint() throws BrokenWireException {
        long value = 0;
        for (int shift = 0; shift < Long.SIZE; shift += 7) {
            byte next = data[take(1)];
            value |= (long) (next & 0x7f) << shift;
            if (next >= 0) {
                return value;
            }
        }
        throw new BrokenWireException("a number has more than ten bytes");
    }

    private int take(long count) throws BrokenWireException {
        if (count < 0 || count > limit - at) {
            throw new BrokenWireException("a field is longer than its message");
        }
        int from = at;
        at += (int) count;
        return from;
    }

    /** A number of whatever width the field has. */
    long number() throws BrokenWireException {
        return switch (type) {
            case VARINT -> varint();
            case FIXED64 -> fixed(Long.BYTES);
            case FIXED32 -> fixed(Integer.BYTES);
            default -> throw new BrokenWireException("field " + field + " is no number");
        };
    }

    private long fixed(int bytes) throws BrokenWireException {
        int from = take(bytes);
        long value = 0;
        for (int i = bytes - 1; i >= 0; i--) {
            value = value << Byte.SIZE | data[from + i] & 0xff;
        }
        return value;
    }

    String text() throws BrokenWireException {
        int length = length();
        return new String(data, take(length), length, StandardCharsets.UTF_8);
    }

    byte[] bytes() throws BrokenWireException {
        int length = length();
        int from = take(length);
        return Arrays.copyOfRange(data, from, from + length);
    }

    private int length() throws BrokenWireException {
        long length = varint();
        if (length < 0 || length > limit - at) {
            throw new BrokenWireException("a field is longer than its message");
        }
        return (int) length;
    }

    /** Goes into the message that the field is; returns what ends it. */
    int enter() throws BrokenWireException {
        int length = length();
        int outer = limit;
        limit = at + length;
        return outer;
    }

    /** Goes out of a message. */
    void leave(int outer) {
        at = limit;
        limit = outer;
    }

    void skip() throws BrokenWireException {
        switch (type) {
            case VARINT -> {
                long _ = varint();
            }
            case FIXED64 -> {
                int _ = take(Long.BYTES);
            }
            case BYTES -> {
                int _ = take(length());
            }
            case FIXED32 -> {
                int _ = take(Integer.BYTES);
            }
            default -> throw new BrokenWireException("field " + field + " has the unknown type " + type);
        }
    }
}
