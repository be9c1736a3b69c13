package io.ringfence.sim.prove;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

import io.ringfence.sim.workshop.Workshop;

import org.jspecify.annotations.Nullable;

/** The claims about memory ordering against what jcstress sees: the tests must hold, the controls must go wrong. */
final class Claims implements Check {

    @Override
    public String name() {
        return "claims";
    }

    @Override
    public Section run(Workshop workshop, boolean quick) throws IOException, InterruptedException {
        List<Claim> claims = ClaimsPage.read(workshop.root().resolve("docs/memory-ordering.md"));
        Jcstress jcstress = new Jcstress(workshop);
        Map<String, TestRun> runs = jcstress.run("jcstress", quick ? "quick" : "default", List.of(), Map.of());
        List<String> silent = silent(claims, runs);
        if (!silent.isEmpty()) {
            // Before it is said that they show nothing, they are given more time.
            runs = jcstress.run("jcstress-again", quick ? "default" : "tough", silent, runs);
        }
        return judge(claims, runs);
    }

    /** Controls that should have shown something and have not. */
    private static List<String> silent(List<Claim> claims, Map<String, TestRun> runs) {
        return claims.stream().flatMap(claim -> claim.controls().stream())
                .filter(control -> control.shows() != Claim.Shows.ELSEWHERE)
                .filter(control -> isSilent(runs.get(control.name())))
                .map(Claim.Control::name).distinct().toList();
    }

    private static boolean isSilent(@Nullable TestRun run) {
        return run != null && run.shown() == 0;
    }

    /** What is wrong, and the rows of the table. */
    private static final class Judgement {
        private final List<String> wrong = new ArrayList<>();
        private final StringBuilder rows = new StringBuilder();
        private final Map<String, TestRun> unlisted;
        private int tests;
        private int controls;
        private int shown;

        Judgement(Map<String, TestRun> runs) {
            unlisted = new TreeMap<>(runs);
        }
    }

    /**
     * Judges.
     *
     * @param claims what the page says
     * @param runs   what jcstress has seen
     * @return the report's part
     */
    static Section judge(List<Claim> claims, Map<String, TestRun> runs) {
        Judgement judgement = new Judgement(runs);
        claims.forEach(claim -> row(claim, runs, judgement));
        judgement.unlisted.keySet().forEach(name -> judgement.wrong.add("`" + name + "` has no row in the page"));
        long samples = runs.values().stream().mapToLong(TestRun::samples).sum();
        boolean holds = judgement.wrong.isEmpty();
        String verdict = String.format(Locale.ROOT,
                "%d claims, %d tests, %,d samples; %d of %d controls went wrong as they should%s", claims.size(),
                judgement.tests, samples, judgement.shown, judgement.controls,
                holds ? "" : "; " + judgement.wrong.size() + " WRONG");
        StringBuilder text = new StringBuilder();
        judgement.wrong.forEach(each -> text.append("- ").append(each).append('\n'));
        text.append("\n| claim | shown by | samples | verdict | control: without it | of samples | went wrong |\n")
                .append("|---|---|---:|---|---|---:|---:|\n").append(judgement.rows);
        return new Section("Claims", verdict, holds, text.toString());
    }

    private static void row(Claim claim, Map<String, TestRun> runs, Judgement judgement) {
        long samples = 0;
        boolean holds = true;
        for (String test : claim.tests()) {
            TestRun run = runs.get(test);
            judgement.unlisted.remove(test);
            judgement.tests++;
            String wrong = wrong(test, run);
            if (wrong != null) {
                judgement.wrong.add(wrong);
                holds = false;
            } else if (run != null) {
                samples += run.samples();
            }
        }
        String verdict = claim.tests().isEmpty() ? "elsewhere" : holds ? "holds" : "**BROKEN**";
        List<String> controls = claim.controls().stream().map(control -> control(control, runs, judgement)).toList();
        for (int i = 0; i < Math.max(1, controls.size()); i++) {
            judgement.rows.append(i == 0
                    ? String.format(Locale.ROOT, "| %s | %s | %,d | %s |", Section.cell(claim.text()),
                            Section.cell(claim.proof()), samples, verdict)
                    : "| | | | |").append(i < controls.size() ? controls.get(i) : " | | |").append('\n');
        }
    }

    private static @Nullable String wrong(String test, @Nullable TestRun run) {
        if (run == null) {
            return "`" + test + "` was not run";
        }
        if (run.holds()) {
            return null;
        }
        TreeSet<String> what = new TreeSet<>();
        run.outcomes().stream().filter(TestRun.Outcome::isWrong).forEach(outcome -> what.add(String.format(Locale.ROOT,
                "%s, %,d times: %s", outcome.id(), outcome.count(), outcome.description())));
        return "`" + test + "` (" + run.status() + "): " + String.join("; ", what);
    }

    private static String control(Claim.Control control, Map<String, TestRun> runs, Judgement judgement) {
        TestRun run = runs.get(control.name());
        judgement.unlisted.remove(control.name());
        judgement.controls++;
        String wrong = wrong(control.name(), run);
        if (wrong != null || run == null) {
            judgement.wrong.add(wrong == null ? "" : wrong);
            return " " + name(control) + " | | **BROKEN** |";
        }
        String shown = String.format(Locale.ROOT, "%,d", run.shown());
        if (run.shown() > 0) {
            judgement.shown++;
        } else if (control.shows() == Claim.Shows.ALWAYS) {
            judgement.wrong.add("control `" + control.name() + "` has shown nothing in " + run.samples()
                    + " samples; the page says: " + control.page());
            shown = "**nothing**";
        } else {
            shown = control.shows() == Claim.Shows.RARELY ? "not this time" : "other machines only";
        }
        return String.format(Locale.ROOT, " %s | %,d | %s |", name(control), run.samples(), shown);
    }

    private static String name(Claim.Control control) {
        String simple = control.name().substring(control.name().lastIndexOf('.') + 1);
        return "`" + simple + "`: " + Section.cell(control.what());
    }
}
