package io.ringfence.sim.layout;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.Field;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

import io.ringfence.sim.firmware.FirmwareAgent;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What {@code docs/firmware-ring.md} says is what the code does: the test takes offsets, opcodes and requests from the page. */
class LayoutPageTest {
    private static final Path PAGE = Path.of("..", "docs", "firmware-ring.md");
    private static final List<String> PARTS = List.of("Header", "Ring descriptor", "Slot", "Wait", "Event");
    private static final List<String> WRITERS = List.of("host", "firmware", "both");

    /** A row of a table of offsets. */
    private record Word(int offset, int size, String name, String what, String writtenBy) {
    }

    private static List<List<String>> rows(String section, int columns) throws IOException {
        List<List<String>> rows = new ArrayList<>();
        boolean inside = false;
        for (String line : Files.readAllLines(PAGE)) {
            if (line.startsWith("## ")) {
                inside = line.equals("## " + section);
            }
            if (inside && line.startsWith("| ")) {
                List<String> cells = Arrays.stream(line.substring(1, line.length() - 1).split("\\|", -1))
                        .map(String::strip).toList();
                if (cells.size() == columns && Character.isDigit(cells.getFirst().charAt(0))) {
                    rows.add(cells);
                }
            }
        }
        return rows;
    }

    private static List<Word> words(String part) throws IOException {
        return rows(part, 6).stream().map(cells -> new Word(Integer.parseInt(cells.getFirst()),
                Integer.parseInt(cells.get(1)), cells.get(2), cells.get(3), cells.get(4))).toList();
    }

    private static Map<String, Integer> offsetsOfThePage() throws IOException {
        Map<String, Integer> all = new LinkedHashMap<>();
        for (String part : PARTS) {
            for (Word word : words(part)) {
                assertThat(all.put(word.name(), word.offset())).as("%s stands twice", word.name()).isNull();
            }
        }
        return all;
    }

    @Test
    void everyOffsetOfTheCodeStandsOnThePage() throws Exception {
        Map<String, Integer> coded = new LinkedHashMap<>();
        for (Field field : RingLayout.class.getFields()) {
            if (field.getName().endsWith("_OFFSET")) {
                coded.put(field.getName().replace("_OFFSET", ""), field.getInt(null));
            }
        }
        assertThat(coded).hasSizeGreaterThan(40);
        assertThat(offsetsOfThePage()).containsExactlyInAnyOrderEntriesOf(coded);
    }

    @ParameterizedTest
    @ValueSource(strings = {"Header", "Ring descriptor", "Slot", "Wait", "Event"})
    void wordsOfThePageAreAlignedAndApart(String part) throws IOException {
        int free = 0;
        for (Word word : words(part)) {
            assertThat(word.offset()).as(word.name()).isGreaterThanOrEqualTo(free);
            assertThat(word.offset() % Math.min(8, word.size())).as("alignment of %s", word.name()).isZero();
            assertThat(word.writtenBy()).isIn(WRITERS);
            free = word.offset() + word.size();
        }
        int length = switch (part) {
            case "Header" -> RingLayout.HEADER_BYTES;
            case "Ring descriptor" -> RingLayout.DESCRIPTOR_BYTES;
            case "Slot" -> RingLayout.SLOT_BYTES;
            case "Wait" -> RingLayout.WAIT_BYTES;
            default -> RingLayout.EVENT_BYTES;
        };
        assertThat(free).isPositive().isLessThanOrEqualTo(length);
    }

    /** Whoever polls one must not be disturbed by the other. */
    @ParameterizedTest
    @ValueSource(strings = {"Header", "Ring descriptor"})
    void noLineIsWrittenByBothSides(String part) throws IOException {
        Map<Integer, Set<String>> writers = words(part).stream().filter(word -> !"both".equals(word.writtenBy()))
                .collect(Collectors.groupingBy(word -> word.offset() / 128,
                        Collectors.mapping(Word::writtenBy, Collectors.toCollection(TreeSet::new))));
        assertThat(writers.values()).allSatisfy(found -> assertThat(found).hasSize(1));
    }

    @Test
    void opcodesOfThePageAreTheirs() throws IOException {
        List<List<String>> rows = rows("Commands", 4);
        assertThat(rows).hasSize(Opcode.values().length);
        for (List<String> row : rows) {
            Opcode opcode = Opcode.of(Integer.parseInt(row.getFirst()));
            assertThat(opcode).isNotNull();
            assertThat(opcode.name().toLowerCase(java.util.Locale.ROOT).replace('_', '-')).isEqualTo(row.get(1));
            String operands = row.get(2).split(":", 2)[0];
            assertThat(opcode.operands()).as("operands of %s", opcode)
                    .isEqualTo("–".equals(operands) ? 0 : operands.split(",").length);
        }
    }

    @Test
    void requestsOfThePageAreTheirs() throws IOException {
        List<List<String>> rows = rows("Contexts, groups and slots", 3);
        assertThat(rows).hasSize(RequestKind.values().length);
        for (List<String> row : rows) {
            String[] cell = row.getFirst().split(" ", 2);
            assertThat(RequestKind.of(Integer.parseInt(cell[0]))).hasToString(cell[1]);
        }
    }

    /** A host that knows nothing but the page has a command executed. */
    @Test
    void hostThatKnowsThePageOnlyHasItsCommandExecuted() throws IOException {
        Map<String, Integer> at = offsetsOfThePage();
        SharedMemory memory = new SharedMemory(4096 + 2 * 128 + 640 + 8 * 64 + 2 * 4 * 64 + 4096);
        memory.intPlain(at.get("VERSION"), 4);
        memory.intPlain(at.get("SLOT_BYTES"), 64);
        memory.intPlain(at.get("RINGS"), 1);
        memory.intPlain(at.get("SLOTS"), 4);
        memory.intPlain(at.get("GROUP_SLOTS"), 1);
        memory.intPlain(at.get("EVENTS"), 8);
        memory.longPlain(at.get("ARENA_BYTES"), 4096);
        memory.longPlain(at.get("TIME_SLICE"), 1_000_000);
        memory.intPlain(at.get("ATTACH_EPOCH"), 5);
        memory.longRelease(at.get("MAGIC"), 0x52494e47464e4345L);
        FirmwareAgent firmware = new FirmwareAgent(memory, () -> {
        }, null);
        long requests = 4096 + 128;
        long descriptor = requests + 128;
        long events = descriptor + 640;
        long slots = events + 8 * 64;
        long arena = slots + 2 * 4 * 64;
        memory.intPlain(descriptor + at.get("RING_EPOCH"), 3);
        memory.intPlain(descriptor + at.get("GROUP_PRIORITY"), 2);
        memory.longPlain(descriptor + at.get("PREEMPT_TIMEOUT"), 1_000_000);
        memory.longVolatile(descriptor + at.get("ARMED"), 1);
        memory.longVolatile(descriptor + at.get("REQUEST"), 1 << 8 | 1);
        memory.orLong(requests, 1);
        // Stamp 4711 to address 64.
        memory.intPlain(slots + at.get("OPCODE"), 7);
        memory.longPlain(slots + at.get("OPERANDS"), 64);
        memory.longPlain(slots + at.get("OPERANDS") + 8, 4711);
        memory.longRelease(slots + at.get("STAMP"), 3L << 48 | 1);
        memory.longVolatile(at.get("NEWS"), 1);
        int _ = firmware.doWork();

        assertThat(memory.longAcquire(arena + 64)).isEqualTo(4711);
        assertThat(memory.longAcquire(descriptor + at.get("COMPLETION"))).isEqualTo(3L << 48 | 1);
        assertThat(memory.longAcquire(descriptor + at.get("STARTED"))).isEqualTo(3L << 48 | 1);
        assertThat(memory.intAcquire(descriptor + at.get("RESIDENCE"))).isEqualTo(2);
        assertThat(memory.intAcquire(descriptor + at.get("STATE"))).isEqualTo(1);
        assertThat(memory.intAcquire(slots + at.get("STATUS"))).isZero();
        assertThat(memory.intAcquire(at.get("SERVED_EPOCH"))).isEqualTo(5);
        assertThat(memory.longAcquire(at.get("HEARTBEAT"))).isEqualTo(1);
        assertThat(memory.longAcquire(at.get("RAISED"))).isEqualTo(2);
        long reply = events;
        assertThat(memory.longAcquire(reply + at.get("EVENT_STAMP"))).isEqualTo(1);
        assertThat(memory.intAcquire(reply + at.get("EVENT_KIND"))).isEqualTo(2);
        assertThat(memory.longAcquire(reply + at.get("EVENT_REQUEST"))).isEqualTo(1 << 8 | 1);
        assertThat(memory.intAcquire(reply + at.get("EVENT_RESULT"))).isZero();
        long completion = events + 64;
        assertThat(memory.intAcquire(completion + at.get("EVENT_KIND"))).isEqualTo(1);
        assertThat(memory.longAcquire(completion + at.get("EVENT_NUMBER"))).isEqualTo(2);
        assertThat(memory.longAcquire(completion + at.get("EVENT_COMPLETION"))).isEqualTo(3L << 48 | 1);
    }
}
