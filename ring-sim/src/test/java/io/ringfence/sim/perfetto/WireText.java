package io.ringfence.sim.perfetto;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** Writes the wire format of protobuf, field by field. */
final class WireText {

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    WireText number(int field, long value) {
        varint((long) field << 3);
        varint(value);
        return this;
    }

    WireText fixed64(int field, long value) {
        varint((long) field << 3 | 1);
        for (int i = 0; i < Long.BYTES; i++) {
            out.write((int) (value >>> Byte.SIZE * i));
        }
        return this;
    }

    WireText text(int field, String value) {
        return bytes(field, value.getBytes(StandardCharsets.UTF_8));
    }

    WireText message(int field, WireText inner) {
        return bytes(field, inner.bytes());
    }

    WireText bytes(int field, byte[] value) {
        varint((long) field << 3 | 2);
        varint(value.length);
        out.writeBytes(value);
        return this;
    }

    private void varint(long value) {
        long rest = value;
        while ((rest & ~0x7fL) != 0) {
            out.write((int) (rest & 0x7f | 0x80));
            rest >>>= 7;
        }
        out.write((int) rest);
    }

    byte[] bytes() {
        return out.toByteArray();
    }
}
