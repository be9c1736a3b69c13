package io.ringfence.sim.perfetto;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

import io.ringfence.sim.workload.TraceFormatException;

import org.jspecify.annotations.Nullable;

/** Reads a trace in the wire format of protobuf, packet by packet. */
final class WireReader {

    private static final int MAX_PACKET = 1 << 28;
    private static final int TYPE_BITS = 3;
    private static final int TYPE_MASK = 7;
    private static final int MAX_DEPTH = 20;

    private final Path file;
    private final InputStream input;
    private long packets;
    private @Nullable PacketTally tally;

    WireReader(Path file, InputStream input) {
        this.file = file;
        this.input = input;
    }

    String place() {
        return "packet " + packets;
    }

    void read(Message trace, PacketTally to) throws IOException, TraceFormatException {
        tally = to;
        for (int tag = input.read(); tag >= 0; tag = input.read()) {
            if (tag >> TYPE_BITS != FieldNames.PACKET || (tag & TYPE_MASK) != Wire.BYTES) {
                throw new TraceFormatException(file, "not a trace that is known: after " + packets
                        + " packets of a Perfetto trace comes something else");
            }
            packets++;
            packet(trace, content(length()));
        }
        trace.end();
    }

    private int length() throws IOException, TraceFormatException {
        long length = 0;
        for (int shift = 0; shift < Integer.SIZE; shift += 7) {
            int next = input.read();
            if (next < 0) {
                throw new EOFException();
            }
            length |= (long) (next & 0x7f) << shift;
            if (next < 0x80) {
                if (length > MAX_PACKET) {
                    break;
                }
                return (int) length;
            }
        }
        throw new TraceFormatException(file, "packet " + packets + " says that it has " + length
                + " bytes: must be 0 to " + MAX_PACKET);
    }

    private byte[] content(int length) throws IOException {
        byte[] content = input.readNBytes(length);
        if (content.length < length) {
            throw new EOFException();
        }
        return content;
    }

    private void packet(Message trace, byte[] content) {
        Message packet = trace.message("packet");
        if (packet == null) {
            return;
        }
        try {
            Wire wire = new Wire(content);
            while (wire.next()) {
                if (wire.field() == FieldNames.COMPRESSED_PACKETS && wire.type() == Wire.BYTES) {
                    compressed(trace, inflated(wire.bytes()));
                } else {
                    field(wire, packet, "packet", 0);
                }
            }
            packet.end();
        } catch (Wire.BrokenWireException | DataFormatException broken) {
            if (tally != null) {
                tally.broken(String.valueOf(broken.getMessage()));
            }
        }
    }

    private void compressed(Message trace, byte[] content) throws Wire.BrokenWireException {
        Wire wire = new Wire(content);
        while (wire.next()) {
            if (wire.field() == FieldNames.PACKET && wire.type() == Wire.BYTES) {
                packet(trace, wire.bytes());
            } else {
                wire.skip();
            }
        }
    }

    private static byte[] inflated(byte[] compressed) throws DataFormatException {
        try (Inflater inflater = new Inflater()) {
            inflater.setInput(compressed);
            byte[] content = new byte[Math.max(1 << 10, 4 * compressed.length)];
            int size = 0;
            while (!inflater.finished()) {
                int more = inflater.inflate(content, size, content.length - size);
                size += more;
                if (size == content.length) {
                    if (size >= MAX_PACKET) {
                        throw new DataFormatException("compressed packets are larger than " + MAX_PACKET + " bytes");
                    }
                    content = Arrays.copyOf(content, 2 * size);
                } else if (more == 0) {
                    throw new DataFormatException("compressed packets end too early");
                }
            }
            return Arrays.copyOf(content, size);
        }
    }

    private void message(Wire wire, Message into, String name, int depth) throws Wire.BrokenWireException {
        int outer = wire.enter();
        while (wire.next()) {
            field(wire, into, name, depth);
        }
        wire.leave(outer);
        into.end();
    }

    private void field(Wire wire, Message into, String message, int depth) throws Wire.BrokenWireException {
        Map<Integer, String> names = FieldNames.of(message);
        String name = names.get(wire.field());
        if (wire.type() != Wire.BYTES) {
            if (name == null) {
                wire.skip();
            } else {
                into.number(name, wire.number());
            }
            return;
        }
        if (name != null && FieldNames.isText(name)) {
            into.text(name, wire.text());
            return;
        }
        // One without a known name is told of all the same: somebody counts those.
        Message inner = depth > MAX_DEPTH ? null : into.message(name == null ? "field " + wire.field() : name);
        if (inner == null || name == null) {
            wire.skip();
        } else {
            message(wire, inner, name, depth + 1);
        }
    }
}
