package io.ringfence.sim.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code ringfence run --faults}: each fault is struck, seen and named, and the run ends. */
@Timeout(180)
class RunFaultsTest {

    @TempDir
    Path folder = Path.of(".");

    @AfterEach
    void noThreadIsLeft() {
        Cli.assertNoThreadIsLeft();
    }

    private Cli run(String plan, Path json) {
        return Cli.run("run", "--size", 16, "--tile", 8, "--repeat", 1, "--faults", plan, "--json", json);
    }

    @ParameterizedTest
    @CsvSource({
        "hang ring=2 seqno=1, hang",
        "endless-loop ring=1 after=2, hang",
        "bad-address ring=0 seqno=3, bad-command",
        "bad-opcode ring=1 seqno=2, bad-command",
        "late-event by=50ms after=1, late-event",
        "lost-event, lost-event",
        "doubled-event after=2, doubled-event",
        "late-completion by=20ms ring=1 seqno=2, late-completion",
        "unseen-stamp ring=1 seqno=3, unseen-stamp",
        "lost-reply request=register, lost-reply",
        "lost-reply request=suspend, lost-reply",
        "lost-reply request=properties, lost-reply",
        "failing-reset, failed-reset",
        "stalled-heartbeat by=3s ring=1 seqno=2, stalled-firmware",
        "slow by=600ms ring=1 seqno=2, slow-command",
        "death seqno=2 when=after, stalled-firmware",
        "death seqno=2 when=before, stalled-firmware"})
    void faultIsSeenAndNamed(String plan, String name) throws Exception {
        Path json = folder.resolve("result.json");
        Cli cli = run(plan, json);
        assertThat(cli.code()).as(cli.out() + cli.err()).isEqualTo(1);
        assertThat(cli.errLines()).isEmpty();
        assertThat(cli.out()).contains(name).contains("struck").containsIgnoringCase("verified");
        Map<String, String> values = Cli.json(json);
        assertThat(values.get("faults.0.struck")).as("struck").isEqualTo("1");
        assertThat(values.entrySet()).as(values.toString())
                .anyMatch(entry -> entry.getKey().matches("findings[.][0-9]+[.]kind")
                        && entry.getValue().equals(name));
    }

    @Test
    void queueCopesWithEventsThatComeAsTheyLike() throws Exception {
        Path json = folder.resolve("result.json");
        Cli cli = run("seed 3; late-event by=3ms rate=0.2; doubled-event rate=0.2; lost-event rate=0.1", json);
        assertThat(cli.code()).as(cli.out() + cli.err()).isEqualTo(1);
        assertThat(cli.out()).contains("verified: every product").doesNotContain("NOT VERIFIED");
        assertThat(Cli.json(json)).containsEntry("verified", "true").containsEntry("failed", "0");
    }

    @Test
    void faultThatDoesNotStrikeChangesNothing() throws Exception {
        Path json = folder.resolve("result.json");
        Cli cli = run("hang ring=2 seqno=1000000", json);
        cli.assertOk();
        assertThat(Cli.json(json)).containsEntry("faults.0.struck", "0").containsEntry("verified", "true");
    }

    @Test
    void planIsReadFromAFile() throws Exception {
        Path plan = folder.resolve("plan.txt");
        Files.writeString(plan, "# one bad command\nbad-opcode ring=0 seqno=1\n");
        Cli cli = run(plan.toString(), folder.resolve("result.json"));
        assertThat(cli.code()).isEqualTo(1);
        assertThat(cli.out()).contains("bad-opcode ring=0 seqno=1", "bad-command");
    }

    @ParameterizedTest
    @CsvSource({
        "hnag, line 1: unknown fault 'hnag'",
        "hang seqno=x, line 1: hang: seqno 'x': must be 1 to 281474976710655",
        "late-event, line 1: late-event: needs by=DURATION"})
    void badPlanIsRefusedWithLineAndReason(String plan, String reason) {
        Path json = folder.resolve("result.json");
        run(plan, json).assertRefused(reason);
        assertThat(json).doesNotExist();
    }

    @Test
    void badPlanInAFileIsRefusedWithItsName() throws Exception {
        Path plan = folder.resolve("plan.txt");
        Files.writeString(plan, "seed 1\n\nhang ring=-1\n");
        run(plan.toString(), folder.resolve("result.json")).assertRefused("plan.txt", "line 3", "ring '-1'",
                "0 to 65535");
        run(folder.toString(), folder.resolve("result.json")).assertRefused(folder.toString());
    }
}
