package io.ringfence.sim.schedule;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

import io.ringfence.scheduler.Policies;

import org.jspecify.annotations.Nullable;

/**
 * The page {@code docs/fairness.md}: the kernel's scheduling tests under each policy of ours, beside what the kernel measured. All of ours
 * is played on a virtual clock, so the page is the same each time.
 */
public final class FairnessPage {

    /** What writes the page. */
    public static final String COMMAND = "./ringfence fairness docs/fairness.md";

    private static final String TEMPLATE = "fairness-template.md";
    /** The policies that the kernel has too. */
    private static final List<String> SHARED = List.of("rr", "fifo", "fair");
    private static final String OWN = "ready-fifo";
    private static final int MANY_CLIENTS_CREDITS = 2;
    /** By the kernel's figures: what is left of the time that a client has taken after its work and its latencies. */
    private static final int KERNEL_REST_PERCENT = 125;

    /** A case whose shares follow from the priorities alone: as how many jobs of the first client one of the second counts. */
    private record Golden(KernelCase which, int weight) {
    }

    private static final List<Golden> GOLDEN =
            List.of(new Golden(KernelCase.V2, 8), new Golden(KernelCase.V3, 4), new Golden(KernelCase.V4, 32));

    private final KernelFigures kernel = KernelFigures.read();

    private FairnessPage() {
    }

    /**
     * Plays all cases and writes the page. Takes a few seconds; puts virtual worlds behind the seam meanwhile, one after the other.
     *
     * @return Markdown
     * @throws IllegalStateException if the process was not started with the seam on
     */
    public static String generate() {
        FairnessPage page = new FairnessPage();
        return template().replace("${command}", COMMAND).replace("${golden}", golden())
                .replace("${two-clients-1}", page.twoClients(1)).replace("${two-clients-2}", page.twoClients(2))
                .replace("${long-rests}", page.longRests())
                .replace("${many-clients}", page.manyClients()).replace("${overhead}", page.overhead());
    }

    private static String template() {
        try (InputStream in = FairnessPage.class.getResourceAsStream(TEMPLATE)) {
            if (in == null) {
                throw new IllegalStateException(TEMPLATE + " is missing beside " + FairnessPage.class.getName());
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Contest contest(KernelCase which, String policy, int credits) {
        return new Contest(Policies.named(policy), credits, which.contenders(), which.millis());
    }

    private static Contest.Result play(KernelCase which, String policy, int credits) {
        return contest(which, policy, credits).run();
    }

    // ---- tables

    private static String golden() {
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("case", "one job of the second counts as", "125 by that", "jobs of the second",
                "first ends, ms"));
        for (Golden golden : GOLDEN) {
            Contest.Result result = play(golden.which, "fair", 2);
            Contest.Score first = result.scores().getFirst();
            rows.add(List.of(golden.which + " " + golden.which.title(), golden.weight + " of the first",
                    decimals(2, (double) first.jobsWhenFirst() / golden.weight),
                    String.valueOf(result.scores().getLast().jobsWhenFirst()), decimals(0, first.elapsedMillis())));
        }
        return table(rows, 2);
    }

    private String twoClients(int credits) {
        List<List<String>> rows = new ArrayList<>();
        rows.add(header(true, "case", "client"));
        for (KernelCase which : KernelCase.values()) {
            if (!which.isForMany()) {
                List<Contest.Result> results = SHARED.stream().map(policy -> play(which, policy, credits)).toList();
                addTwo(rows, which, credits, results, play(which, OWN, credits));
            }
        }
        return table(rows, 2);
    }

    private String longRests() {
        List<List<String>> rows = new ArrayList<>();
        rows.add(header(false, "case", "client"));
        for (int credits : List.of(1, 2)) {
            for (KernelCase which : KernelCase.values()) {
                if (!which.isForMany() && which.contenders().stream().anyMatch(Contender::sync)) {
                    List<Contest.Result> results = SHARED.stream()
                            .map(policy -> contest(which, policy, credits).withRests(KERNEL_REST_PERCENT).run())
                            .toList();
                    addTwo(rows, which, credits, results, null);
                }
            }
        }
        return table(rows, 2);
    }

    private void addTwo(List<List<String>> rows, KernelCase which, int credits, List<Contest.Result> shared,
            Contest.@Nullable Result own) {
        for (int client = 0; client < which.contenders().size(); client++) {
            List<String> row = new ArrayList<>();
            row.add(client > 0 ? "" : own == null ? which + ", " + credits(credits) : which + " " + which.title());
            Contender contender = which.contenders().get(client);
            row.add(describe(contender));
            for (int i = 0; i < SHARED.size(); i++) {
                row.add(text(kernel.client(which, credits, client, SHARED.get(i))));
                row.add(text(shared.get(i).scores().get(client), contender));
            }
            if (own != null) {
                row.add(text(own.scores().get(client), contender));
            }
            rows.add(row);
        }
    }

    private static String credits(int count) {
        return count == 1 ? "1 credit" : count + " credits";
    }

    private static String describe(Contender contender) {
        String rests = contender.waitMicros() == 0 ? "" : ", rests " + millis(contender.waitMicros());
        return contender.priority() + " " + contender.jobs() + " × " + millis(contender.jobMicros()) + rests
                + (contender.sync() ? ", waits" : "");
    }

    private static String millis(long micros) {
        return micros % 1_000 == 0 ? micros / 1_000 + " ms" : micros / 1e3 + " ms";
    }

    private static String text(KernelFigures.Figure figure) {
        String elapsed = decimals(0, figure.value());
        return figure.hasLatency()
                ? elapsed + ", " + decimals(1, figure.average()) + " / " + decimals(1, figure.worst())
                : elapsed;
    }

    private static String text(Contest.Score score, Contender contender) {
        String elapsed = decimals(1, score.elapsedMillis());
        return contender.sync() ? elapsed + ", " + decimals(1, score.latencyMillis()) + " / "
                + decimals(1, score.worstMillis()) : elapsed;
    }

    private String manyClients() {
        List<List<String>> rows = new ArrayList<>();
        rows.add(header(true, "case"));
        for (KernelCase which : KernelCase.values()) {
            if (which.isForMany()) {
                List<String> row = new ArrayList<>(List.of(which + " " + which.title()));
                for (String policy : SHARED) {
                    row.add(decimals(2, kernel.spread(which, policy)));
                    row.add(spread(which, policy));
                }
                row.add(spread(which, OWN));
                rows.add(row);
            }
        }
        return table(rows, 1);
    }

    private static String spread(KernelCase which, String policy) {
        Contest.Result result = play(which, policy, MANY_CLIENTS_CREDITS);
        return decimals(2, result.averageSpread()) + ", " + result.worstSpread();
    }

    private String overhead() {
        List<List<String>> rows = new ArrayList<>();
        rows.add(header(true, "case"));
        for (OverheadCase which : OverheadCase.values()) {
            List<String> row = new ArrayList<>(List.of(which + " " + which.title()));
            for (String policy : SHARED) {
                row.add(decimals(3, kernel.overhead(which, policy)));
                row.add(decimals(3, which.ratio(Policies.named(policy))));
            }
            row.add(decimals(3, which.ratio(Policies.named(OWN))));
            rows.add(row);
        }
        return table(rows, 1);
    }

    // ---- Markdown

    private static List<String> header(boolean own, String... first) {
        Stream<String> figures = SHARED.stream().map(policy -> policy.toUpperCase(Locale.ROOT))
                .flatMap(policy -> Stream.of(policy + " kernel", policy + " ours"));
        Stream<String> last = own ? Stream.of(OWN + " ours") : Stream.of();
        return Stream.concat(Arrays.stream(first), Stream.concat(figures, last)).toList();
    }

    /** The first of the rows is the header; so many columns are words, the others figures. */
    private static String table(List<List<String>> rows, int words) {
        StringBuilder text = new StringBuilder();
        for (List<String> row : rows) {
            text.append("| ").append(String.join(" | ", row)).append(" |\n");
            if (row == rows.getFirst()) {
                text.append("|---".repeat(words)).append("|---:".repeat(row.size() - words)).append("|\n");
            }
        }
        return text.toString().stripTrailing();
    }

    private static String decimals(int count, double number) {
        return String.format(Locale.ROOT, "%." + count + "f", number);
    }
}
