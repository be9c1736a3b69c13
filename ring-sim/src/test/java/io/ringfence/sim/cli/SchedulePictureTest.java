package io.ringfence.sim.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.stream.IntStream;

import io.ringfence.scheduler.EntityStatus;
import io.ringfence.scheduler.Policies;
import io.ringfence.scheduler.Readiness;
import io.ringfence.sim.schedule.ClientSpec;
import io.ringfence.sim.schedule.MockJob;
import io.ringfence.sim.schedule.SharedDevice;
import io.ringfence.sim.virtual.VirtualWorld;

import org.jline.utils.AttributedString;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The picture shows what a scheduler on a virtual clock is known to be doing. */
@Timeout(180)
class SchedulePictureTest {

    private static final long MILLI = 1_000_000;

    /** Lets clients run for a while, then looks at every millisecond of some more. */
    private static void watch(String policy, int credits, List<ClientSpec> clients, int looks,
            BiConsumer<SharedDevice.Look, SchedulePicture> looker) {
        VirtualWorld world = VirtualWorld.install();
        SchedulePicture picture = new SchedulePicture(policy, clients, 10, false);
        try (SharedDevice device = SharedDevice.start(Policies.named(policy), credits, clients, 1)) {
            for (int i = 0; i < looks; i++) {
                world.runUntil((500 + i) * MILLI);
                looker.accept(device.look(), picture);
            }
            assertThat(device.end().isClean()).isTrue();
        } finally {
            world.uninstall();
        }
    }

    private static List<String> text(List<AttributedString> lines) {
        return lines.stream().map(AttributedString::toString).toList();
    }

    private static String letter(List<ClientSpec> clients, String name) {
        return String.valueOf((char) ('A' + clients.stream().map(ClientSpec::name).toList().indexOf(name)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"fair", "fifo", "ready-fifo", "rr"})
    void ringAndQueueAreShownInTheirOrder(String policy) {
        List<ClientSpec> clients = ClientSpec.usual();
        Set<Readiness> seen = EnumSet.noneOf(Readiness.class);
        watch(policy, 3, clients, 200, (look, picture) -> {
            List<String> lines = text(picture.lines(look, 80, 24));
            StringBuilder ring = new StringBuilder();
            look.lately().stream().filter(job -> job.finished() == 0)
                    .forEach(job -> ring.append('[').append(letter(clients, job.toString())).append(']'));
            assertThat(lines.get(1)).startsWith(" ring    " + ring + "[ ]".repeat(3 - ring.length() / 3))
                    .contains("credits " + ring.length() / 3 + " of 3");
            StringBuilder queue = new StringBuilder(" queue   ");
            for (EntityStatus entity : look.entities()) {
                seen.add(entity.readiness());
                String letter = letter(clients, entity.name());
                queue.append(switch (entity.readiness()) {
                    case IDLE -> "";
                    case WAITING -> "(" + letter + ") ";
                    case READY -> letter + " ";
                });
            }
            assertThat(lines.get(2)).startsWith(queue.toString());
        });
        if (policy.equals("fair")) {
            // Under a strict policy whoever comes after another hardly ever has its turn here.
            assertThat(seen).containsExactlyInAnyOrder(Readiness.values());
        }
    }

    @Test
    void eachClientIsALine() {
        List<ClientSpec> clients = ClientSpec.usual();
        watch("fair", 2, clients, 50, (look, picture) -> {
            List<String> lines = text(picture.lines(look, 100, 30));
            assertThat(lines).hasSize(6 + clients.size());
            int next = 0;
            for (EntityStatus entity : look.entities()) {
                String line = lines.stream().filter(each -> each.contains(" " + entity.name() + " ")).findFirst()
                        .orElseThrow();
                assertThat(line).startsWith(" " + letter(clients, entity.name()) + " ")
                        .contains(entity.priority().toString(), "%")
                        .contains(" " + "#".repeat((int) entity.waiting()) + " ");
                next += line.contains(" next ") ? 1 : 0;
                assertThat(line.contains(" idle ")).isEqualTo(entity.readiness() == Readiness.IDLE);
                assertThat(line.contains(" waits ")).isEqualTo(entity.readiness() == Readiness.WAITING);
                assertThat(line.contains(" ms ")).as("behind").isEqualTo(entity.readiness() != Readiness.IDLE);
            }
            assertThat(next).isLessThanOrEqualTo(1);
        });
    }

    @Test
    void pastOfTheDeviceIsALetterForEachMoment() {
        List<ClientSpec> clients = ClientSpec.parse(List.of("one:normal:each=8ms,rest=8ms"));
        watch("rr", 1, clients, 50, (look, picture) -> {
            String line = text(picture.lines(look, 80, 24)).get(3);
            assertThat(line).startsWith(" lately  ").hasSize(79);
            for (int i = 1; i <= 40; i++) {
                long moment = look.now() - 2 * MILLI * i;
                boolean busy = look.lately().stream()
                        .anyMatch(job -> job.begins() <= moment && moment < job.begins() + job.nanos());
                assertThat(line.charAt(79 - i)).as("%d ms ago", 2 * i).isEqualTo(busy ? 'A' : '.');
            }
        });
    }

    @ParameterizedTest
    @CsvSource({"80,24", "120,40", "79,11", "60,12", "47,9", "30,8", "20,5", "9,3", "1,1", "80,2", "500,200"})
    void pictureFitsIntoItsTerminal(int columns, int rows) {
        for (int credits : new int[] {1, 2, 64, 1024}) {
            watch("fair", credits, ClientSpec.usual(), 5, (look, picture) -> {
                List<AttributedString> lines = picture.lines(look, columns, rows);
                assertThat(lines).isNotEmpty().hasSizeLessThanOrEqualTo(Math.max(1, rows - 1))
                        .allMatch(line -> line.columnLength() <= Math.max(1, columns - 1));
            });
        }
    }

    @Test
    void linesThatDoNotFitAreCounted() {
        List<ClientSpec> many = IntStream.range(0, 26)
                .mapToObj(i -> ClientSpec.parse("client" + i + ":low:each=1ms,ahead=4")).toList();
        watch("fair", 2, many, 1, (look, picture) -> {
            List<String> lines = text(picture.lines(look, 80, 24));
            assertThat(lines).hasSize(23);
            assertThat(lines.getLast()).isEqualTo(" and 8 more");
            assertThat(text(picture.lines(look, 80, 40))).anyMatch(line -> line.startsWith(" Z client25"));
        });
    }

    @Test
    void coloursOnlyIfWanted() {
        watch("fair", 2, ClientSpec.usual(), 1, (look, picture) -> {
            assertThat(picture.lines(look, 80, 24)).allMatch(line -> !line.toAnsi().contains("\033"));
            SchedulePicture coloured = new SchedulePicture("fair", ClientSpec.usual(), 10, true);
            assertThat(coloured.lines(look, 80, 24)).anyMatch(line -> line.toAnsi().contains("\033[3"));
            assertThat(text(coloured.lines(look, 80, 24))).isEqualTo(text(picture.lines(look, 80, 24)));
        });
    }

    @Test
    void oneLineForWhoHasNoTerminal() {
        watch("fair", 2, ClientSpec.usual(), 1,
                (look, picture) -> assertThat(picture.line(look)).startsWith("  0.5 s: ")
                        .contains("credits 2 of 2", "desktop ", "backup ", " %").doesNotContain("\n", "\033"));
    }

    @Test
    void deviceForgetsWhatWasLongAgo() {
        watch("fair", 2, ClientSpec.parse(List.of("a:low:each=10us,ahead=64")), 1, (look, _) -> {
            assertThat(look.lately()).hasSize(1024);
            assertThat(look.scheduler().decisions()).isGreaterThan(10_000);
            assertThat(look.lately().stream().map(MockJob::begins)).isSorted();
        });
    }
}
