package io.ringfence.sim.formats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPOutputStream;

import io.ringfence.sim.ftrace.Texts;
import io.ringfence.sim.kineto.KinetoTrace;
import io.ringfence.sim.workload.Recording;
import io.ringfence.sim.workload.RecordingKind;
import io.ringfence.sim.workload.TraceFormatException;
import io.ringfence.sim.workload.Workload;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Files told apart by what is in them. */
class TraceFileTest {

    private static final String HEADER = "id,queue,submit_us,start_us,end_us,deps\n";

    @TempDir
    Path folder = Path.of(".");

    private Workload read(String text) throws Exception {
        return TraceFile.read(Files.writeString(folder.resolve("trace"), text));
    }

    private static String format(Workload workload) {
        return workload instanceof Recording recording ? recording.format() : "kineto";
    }

    @Test
    void formatsAreFoundByTheirContentAlsoCompressed() throws Exception {
        String amdgpu = String.join("\n", Texts.amdgpu(11, 5, 0, 20, 500));
        String[][] files = {{"amdgpu", "\n# tracer: nop\n" + amdgpu},
            {"amdgpu", amdgpu.replace("          <idle>-77", "packet <x>-77")},
            {"chakra", " \n{\"x\": 1, \"nodes\": [{\"id\": 1}]}"},
            {"chakra", "\ufeff{\"workload_graph\": [{\"Id\": 1}]}"}, {"schedule", HEADER + "0,0:7,0,1,2,\n"},
            {"kineto", "{\"traceEvents\": [{\"ph\": \"X\", \"cat\": \"kernel\", \"name\": \"k\", \"ts\": 1, \"dur\": 2,"
                    + " \"args\": {\"device\": 0, \"stream\": 7}}]}"},
            {"dma_fence", "# text\n\npacket {\n ftrace_events { event { timestamp: 1 dma_fence_init { context: 1"
                    + " seqno: 2 timeline: \"t\" driver: \"d\" } } event { timestamp: 5 dma_fence_signaled {"
                    + " context: 1 seqno: 2 timeline: \"t\" driver: \"d\" } } } }"}};
        for (String[] file : files) {
            assertThat(format(read(file[1]))).as(file[1]).isEqualTo(file[0]);
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            try (GZIPOutputStream zip = new GZIPOutputStream(bytes)) {
                zip.write(file[1].getBytes(StandardCharsets.UTF_8));
            }
            Path packed = Files.write(folder.resolve("packed"), bytes.toByteArray());
            assertThat(format(TraceFile.read(packed))).isEqualTo(file[0]);
        }
        assertThat(read(files[5][1])).isInstanceOf(KinetoTrace.class);
    }

    @Test
    void sampleIsARecordingOfRings() throws Exception {
        Recording sample = (Recording) TraceFile.sample();
        assertThat(sample.kind()).isEqualTo(RecordingKind.RINGS);
        assertThat(sample.ringCount()).isEqualTo(2);
        assertThat(sample.queueCount()).isEqualTo(4);
        assertThat(sample.dependencyCount()).isEqualTo(20);
        assertThat(sample.warnings()).isEmpty();
    }

    @Test
    void scheduleIsReadAsWritten() throws Exception {
        Recording schedule =
                (Recording) read(HEADER + "0,gfx:11,0,1.5,20,\r\n1,1:0:7,0,2,2.001,0\n\n2,x,3,20,21,0 1\n");
        assertThat(schedule.kind()).isEqualTo(RecordingKind.SCHEDULE);
        assertThat(schedule.queueName(0)).isEqualTo("gfx:11");
        assertThat(schedule.queueName(1)).isEqualTo("1:0:7");
        assertThat(schedule.startNanos(0)).isEqualTo(1_500);
        assertThat(schedule.endNanos(1)).isEqualTo(2_001);
        assertThat(schedule.dependencies(2)).containsExactly(0, 1);
        assertThat(schedule.waitsForEnd(2, 1)).isTrue();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"1,a:1,0,1,2, | id 1: must be 0", "0,,0,1,2, | queue",
        "0,a,0,1,2 | 5 cells", "0,a,x,1,2, | submit_us x", "0,a,0,2,1, | submission, start and end",
        "0,a,3,2,4, | submission, start and end", "0,a,0,1,2,0 | dependency 0", "0,a,0,1,2,x | dependency x",
        "0,a,0,1,2,-1 | dependency -1"})
    void wrongLinesOfSchedulesAreNamed(String line, String what) {
        assertThatThrownBy(() -> read(HEADER + line + "\n")).isInstanceOf(TraceFormatException.class)
                .hasMessageContaining("line 2: ").hasMessageContaining(what);
    }

    @Test
    void schedulesThatGoBackAreRefused() {
        assertThatThrownBy(() -> read(HEADER + "0,a,5,6,7,\n1,a,4,6,7,\n")).hasMessageContaining("line 3: submit_us 4");
        assertThatThrownBy(() -> read(HEADER)).hasMessageContaining("without jobs");
    }
}
