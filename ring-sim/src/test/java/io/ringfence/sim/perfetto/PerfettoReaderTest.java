package io.ringfence.sim.perfetto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.DeflaterOutputStream;

import io.ringfence.sim.workload.Recording;
import io.ringfence.sim.workload.Skipped;
import io.ringfence.sim.workload.TraceFormatException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Perfetto traces as text and as protobuf. */
class PerfettoReaderTest {

    private static final Path FILE = Path.of("trace.pftrace");

    private static Recording text(String text) throws Exception {
        return PerfettoReader.readText(FILE, new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)));
    }

    private static Recording wire(byte[]... packets) throws Exception {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] packet : packets) {
            all.writeBytes(packet);
        }
        return PerfettoReader.readWire(FILE, new ByteArrayInputStream(all.toByteArray()));
    }

    // ---- text

    private static String event(long time, String what) {
        return "packet { ftrace_events { cpu: 1 event { timestamp: " + time + " pid: 7 " + what
                + " } } trusted_uid: 0 }\n";
    }

    private static String job(String event, int context, int seqno) {
        return event + " { name: \"gfx\" job_count: 0 hw_job_count: 1 dev: \"0000:04:00.0\" fence_context: " + context
                + " fence_seqno: " + seqno + " client_id: 13 }";
    }

    private static String fence(String event, int context, int seqno) {
        return event + " { fence_context: " + context + " fence_seqno: " + seqno + " }";
    }

    @Test
    void packetsOfSeveralProcessorsComeInAnyOrder() throws Exception {
        Recording recording = text(event(200, job("drm_sched_job_run", 401, 1)) + "# a comment { \n"
                + event(900, fence("drm_sched_job_done", 401, 1)) + event(100, job("drm_sched_job_queue", 401, 1)));
        assertThat(recording.jobCount()).isEqualTo(1);
        assertThat(recording.queueName(0)).isEqualTo("gfx:401");
        assertThat(recording.context(0).client()).isEqualTo("pid 7");
        assertThat(recording.startNanos(0)).isEqualTo(100);
        assertThat(recording.endNanos(0)).isEqualTo(800);
        assertThat(recording.warnings()).isEmpty();
    }

    @Test
    void everythingThatTheTextFormatAllowsIsRead() throws Exception {
        Recording recording = text("""
                packet: < ftrace_events: { cpu: 0, event: { timestamp: 0x64; pid: 7
                  drm_sched_job { entity: 18446743526218327296 fence: 0xffff id: 1 name: 'ri' "ng\\x0" job_count: 0 }
                } }
                  [perfetto.protos.Extension.field] { list: [1, 2, { a: -1 }] kind: TYPE_SLICE real: 1.5e3 }
                >
                """ + event(150, "drm_run_job { entity: 18446743526218327296 fence: 0xffff id: 1 name: \"ringx0\" }")
                + event(180, "drm_sched_process_job { fence: 0xffff }")
                + event(190, "sched_switch { prev_comm: \"}\" prev_pid: 4 }"));
        assertThat(recording.jobCount()).isEqualTo(1);
        assertThat(recording.ringName(0)).isEqualTo("ringx0");
        assertThat(recording.warnings()).containsExactly("other ftrace events: 1 (left out; sched_switch 1)");
    }

    @Test
    void brokenEventsAreNamedWithTheirLine() throws Exception {
        Recording recording = text(event(100, job("drm_sched_job_queue", 401, 1))
                + event(200, job("drm_sched_job_run", 401, 1)) + event(300, fence("drm_sched_job_done", 401, 1))
                + event(400, "drm_sched_job_done { fence_context: 401 }")
                + "packet { ftrace_events { event { drm_sched_job_done { fence_context: 1 fence_seqno: 1 } } } }\n");
        assertThat(recording.warnings()).containsExactly("broken events: 2 (left out; "
                + "line 4: drm_sched_job_done without fence_seqno; line 5: drm_sched_job_done without timestamp)");
    }

    @ParameterizedTest
    @ValueSource(strings = {"packet {", "packet { } }", "packet { a: }", "packet { : 3 }", "packet { a b: 3 }",
        "packet { [a }", "packet >", "packet { a: { >"})
    void textThatIsBrokenIsRefusedWithItsLine(String text) {
        assertThatThrownBy(() -> text("packet { }\n" + text)).isInstanceOf(TraceFormatException.class)
                .hasMessageContaining("line 2");
    }

    @Test
    void messagesInEachOtherWithoutEndAreRefused() {
        assertThatThrownBy(() -> text("packet { a: " + "[".repeat(100_000))).hasMessageContaining("more than 200");
        assertThatThrownBy(() -> text("packet { ".repeat(100_000))).isInstanceOf(TraceFormatException.class)
                .hasMessageContaining("more than 200");
    }

    @Test
    void traceWithoutJobsSaysWhatThereWas() {
        assertThatThrownBy(() -> text(event(1, "sched_switch { }") + event(2, fence("drm_sched_job_done", 1, 1))))
                .isInstanceOf(TraceFormatException.class).hasMessageContaining("1 events")
                .hasMessageContaining("sched_switch 1");
    }

    // ---- the wire

    private static WireText packet(WireText... events) {
        WireText bundle = new WireText().number(1, 3);
        for (WireText event : events) {
            bundle.message(2, event);
        }
        return new WireText().number(8, 17).message(1, bundle).text(99, "other");
    }

    private static byte[] trace(WireText... packets) {
        WireText trace = new WireText();
        for (WireText packet : packets) {
            trace.message(1, packet);
        }
        return trace.bytes();
    }

    private static WireText event(long time, int field, WireText what) {
        return new WireText().number(1, time).number(2, 7).message(field, what);
    }

    private static WireText oldJob(long fence, long id) {
        return new WireText().number(1, -18446L).number(2, fence).number(3, 0).number(4, id).number(5, 0)
                .text(6, "ring0");
    }

    private static WireText newJob(long context, long seqno) {
        return new WireText().text(1, "gfx").number(2, 0).number(3, 1).text(4, "0000:04:00.0").number(5, context)
                .number(6, seqno).number(7, 13);
    }

    private static WireText done(long context, long seqno) {
        return new WireText().number(1, context).number(2, seqno);
    }

    @Test
    void oldNamesAreReadFromTheWire() throws Exception {
        Recording recording = wire(trace(packet(event(100, 411, oldJob(0xaa, 1)), event(110, 412, oldJob(0xaa, 1))),
                packet(event(300, 413, new WireText().number(1, 0xaa))),
                packet(event(310, 411, oldJob(0xbb, 2)), event(5, 349, new WireText().number(1, 2)))));
        assertThat(recording.format()).isEqualTo("drm_sched");
        assertThat(recording.jobCount()).isEqualTo(1);
        assertThat(recording.endNanos(0)).isEqualTo(200);
        assertThat(recording.skipped()).containsExactly(new Skipped("ring0", 1, 0, 0));
        assertThat(recording.warnings()).containsExactly("other ftrace events: 1 (left out; field 349 1)");
    }

    @Test
    void stableNamesAreReadFromTheWireWithDependencies() throws Exception {
        Recording recording = wire(trace(
                packet(event(100, 593, newJob(401, 1)), event(110, 594, newJob(401, 1)),
                        event(120, 593, newJob(402, 9)),
                        event(121, 591, done(402, 9).number(3, 401).number(4, 1)),
                        event(122, 595, done(402, 9).number(3, 5).number(4, 6))),
                packet(event(300, 592, done(401, 1)), event(310, 594, newJob(402, 9)), event(400, 592, done(402, 9)),
                        event(250, 416, new WireText().number(1, 5).text(2, "x").number(3, 6).text(4, "t")))));
        assertThat(recording.jobCount()).isEqualTo(2);
        assertThat(recording.dependencies(1)).containsExactly(0);
        assertThat(recording.readyNanos(1)).isEqualTo(150);
    }

    @Test
    void compressedPacketsAndFixedNumbersAreRead() throws Exception {
        WireText fixed = new WireText().fixed64(1, 100).number(2, 7).message(593, newJob(401, 1));
        byte[] inner = trace(packet(fixed, event(110, 594, newJob(401, 1))), packet(event(300, 592, done(401, 1))));
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (DeflaterOutputStream deflater = new DeflaterOutputStream(packed)) {
            deflater.write(inner);
        }
        assertThat(wire(trace(new WireText().bytes(50, packed.toByteArray()))).jobCount()).isEqualTo(1);
    }

    @Test
    void brokenPacketsAreNamedAndTheOthersCount() throws Exception {
        byte[] whole = trace(packet(event(100, 593, newJob(401, 1)), event(110, 594, newJob(401, 1)),
                event(300, 592, done(401, 1))));
        byte[] broken = new WireText().bytes(1, new byte[] {0x0a, 0x7f, 1}).bytes();
        byte[] endless = new WireText().bytes(1, new byte[] {8, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, 1}).bytes();
        byte[] wrongZip = trace(new WireText().bytes(50, new byte[] {1, 2, 3}));
        Recording recording = wire(broken, whole, endless, wrongZip);
        assertThat(recording.jobCount()).isEqualTo(1);
        assertThat(recording.warnings()).hasSize(1);
        assertThat(recording.warnings().getFirst()).startsWith("broken events: 3 (left out; packet 1: ")
                .contains("packet 3: ", "packet 4: ");
    }

    @Test
    void truncatedAndForeignBytesAreRefused() {
        byte[] whole = trace(packet(event(100, 593, newJob(401, 1))));
        assertThatThrownBy(() -> wire(Arrays.copyOf(whole, whole.length - 3))).isInstanceOf(EOFException.class);
        assertThatThrownBy(() -> wire(whole, new byte[] {0, 1, 2})).isInstanceOf(TraceFormatException.class)
                .hasMessageContaining("after 1 packets");
        assertThatThrownBy(() -> wire(new byte[] {0x0a, -1, -1, -1, -1, 7})).isInstanceOf(TraceFormatException.class)
                .hasMessageContaining("bytes");
    }

    @Test
    void textAndWireOfTheSameTraceAreTheSame() throws Exception {
        Recording text = text(event(100, job("drm_sched_job_queue", 401, 1))
                + event(110, job("drm_sched_job_run", 401, 1)) + event(300, fence("drm_sched_job_done", 401, 1)));
        Recording wire = wire(trace(packet(event(100, 593, newJob(401, 1)), event(110, 594, newJob(401, 1)),
                event(300, 592, done(401, 1)))));
        assertThat(wire.queueName(0)).isEqualTo(text.queueName(0));
        assertThat(wire.startNanos(0)).isEqualTo(text.startNanos(0));
        assertThat(wire.endNanos(0)).isEqualTo(text.endNanos(0));
        assertThat(wire.context(0)).isEqualTo(text.context(0));
    }
}
