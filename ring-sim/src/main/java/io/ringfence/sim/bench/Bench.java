package io.ringfence.sim.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.IntConsumer;

import io.ringfence.sim.workshop.Workshop;

/**
 * Runs benchmarks in rounds: in each round, for one question after the other, the limit of the machine, the peers and ours, so that whatever
 * changes with time changes for all of them. What is compared in nanoseconds takes turns in one process, all else has one of its own.
 */
public final class Bench implements AutoCloseable {

    private static final String BENCHMARKS = "jmh/target/benchmarks.jar";
    /** What takes seconds once is not done more often. */
    private static final Set<Question> HEAVY = Set.of(Question.P8, Question.P9);
    /** In a quick run asked once: the heavy ones, what is counted and not timed, and what is far from its bound. */
    private static final Set<Question> ONCE = Set.of(Question.P6, Question.P8, Question.P9, Question.P10);
    /** Whose benchmarks keep both processors of a small machine busy. */
    private static final Set<Question> SPINNING =
            EnumSet.of(Question.P1, Question.P2, Question.P3, Question.P4, Question.P5, Question.P6, Question.P10);

    private final Workshop workshop;
    private final Effort effort;
    private int leftOut;

    /**
     * Prepares it.
     *
     * @param root   the source tree, in which the benchmarks are built
     * @param folder where JMH writes; made if it is not there
     * @param effort how much time it may take
     * @throws IOException if the benchmarks are not there, or the folder cannot be made
     */
    public Bench(Path root, Path folder, Effort effort) throws IOException {
        if (!Files.isRegularFile(root.resolve(BENCHMARKS))) {
            throw new IOException(root.resolve(BENCHMARKS) + ": is not there; ./ringfence bench builds it");
        }
        workshop = new Workshop(root, folder);
        this.effort = effort;
    }

    /**
     * What can be asked.
     *
     * @return P1 to P11
     */
    public static List<String> names() {
        return Arrays.stream(Question.values()).map(Question::name).toList();
    }

    /**
     * How many steps a run takes.
     *
     * @param questions how many are asked
     * @param curves    whether latencies are wanted too
     * @return the highest number that {@code run} tells
     */
    public int steps(int questions, boolean curves) {
        return effort.rounds * questions + (curves ? 1 : 0);
    }

    private int rounds(Question question) {
        return ONCE.contains(question) ? effort.roundsOfSome : effort.rounds;
    }

    private boolean isShort() {
        return effort != Effort.FULL;
    }

    /**
     * Asks questions.
     *
     * @param names    which, of {@link #names()}
     * @param progress told after each step how many are done
     * @return the answers, in order
     * @throws IOException          if a benchmark cannot be run, or gives no figure
     * @throws InterruptedException if the thread is interrupted meanwhile
     */
    public List<Answer> run(Collection<String> names, IntConsumer progress) throws IOException, InterruptedException {
        Map<Question, Figures> all = new EnumMap<>(Question.class);
        names.forEach(name -> all.put(Question.valueOf(name.toUpperCase(Locale.ROOT)), new Figures()));
        Pace pace = new Pace(effort.bound);
        int step = 0;
        leftOut = 0;
        for (int round = 1; round <= effort.rounds; round++) {
            List<Measured> results = new ArrayList<>();
            int now = round;
            if (round > 1 && !pace.hasTimeFor(all.keySet().stream().filter(one -> now <= rounds(one)).toList())) {
                leftOut = effort.rounds - round + 1;
                progress.accept(step + leftOut * all.size());
                break;
            }
            for (Map.Entry<Question, Figures> each : all.entrySet()) {
                if (round <= rounds(each.getKey())) {
                    long start = System.nanoTime();
                    ask(each.getKey(), each.getValue(), round, results);
                    pace.took(each.getKey(), System.nanoTime() - start);
                }
                progress.accept(++step);
            }
        }
        List<Answer> answers = new ArrayList<>();
        all.forEach((question, figures) -> answers.add(Answer.of(question, figures)));
        return answers;
    }

    /**
     * How many rounds the last run has left out, for there was no time for them.
     *
     * @return 0 unless the machine is slow
     */
    public int leftOut() {
        return leftOut;
    }

    /**
     * Asks one.
     *
     * @param results what was measured in this round; that is not measured again for another question
     */
    private void ask(Question question, Figures figures, int round, List<Measured> results)
            throws IOException, InterruptedException {
        List<Wanted> wanted = question.wanted(isShort());
        List<Wanted> missing = wanted.stream().filter(one -> results.stream().noneMatch(one::isIn)).toList();
        String name = question + "-" + round;
        results.addAll(jmh(name, question, missing, benchmark -> arguments(question, benchmark)));
        for (Wanted one : wanted) {
            double figure = results.stream().filter(one::isIn).mapToDouble(one.figure()).findFirst()
                    .orElse(Double.NaN);
            if (Double.isNaN(figure)) {
                throw new BenchmarkFailedException(
                        one.benchmark() + one.parameters() + ": gave no figure for " + question + ", '"
                                + one.name() + "'; what JMH printed is in " + workshop.folder());
            }
            figures.add(one.name(), figure);
        }
    }

    private List<String> arguments(Question question, String benchmark) {
        List<String> arguments =
                new ArrayList<>(effort.arguments(benchmark, HEAVY.contains(question) && !benchmark.endsWith("Close")));
        if (SPINNING.contains(question) && effort != Effort.SMOKE) {
            // Who asks for code waits for it: beside two threads that spin, the compiler would have no processor, and not be done in time.
            arguments.addAll(List.of("-jvmArgsPrepend", "-Xbatch"));
        }
        if (question == Question.P6) {
            arguments.addAll(List.of("-prof", "gc"));
        }
        return arguments;
    }

    /** One benchmark after the other: two may have a parameter of the same name with other values. */
    private List<Measured> jmh(String name, Question question, List<Wanted> wanted,
            Function<String, List<String>> arguments) throws IOException, InterruptedException {
        List<Measured> results = new ArrayList<>();
        Map<String, List<Wanted>> benchmarks = new LinkedHashMap<>();
        wanted.forEach(one -> benchmarks.computeIfAbsent(one.benchmark(), first -> new ArrayList<>()).add(one));
        for (Map.Entry<String, List<Wanted>> each : benchmarks.entrySet()) {
            results.addAll(jmh(name, question, each.getKey(), parameters(question, each.getValue()),
                    arguments.apply(each.getKey())));
        }
        return results;
    }

    private List<Measured> jmh(String name, Question question, String benchmark, Map<String, Set<String>> parameters,
            List<String> arguments) throws IOException, InterruptedException {
        String file = name + "-" + benchmark;
        Path written = workshop.folder().resolve(file + ".json");
        Files.deleteIfExists(written);
        List<String> command = new ArrayList<>(List.of(workshop.javaProgram().toString(), "-jar",
                workshop.root().resolve(BENCHMARKS).toString(), "-f", "1", "-foe", "true", "-rf", "json", "-rff",
                written.toString()));
        command.addAll(arguments);
        parameters.forEach((parameter, values) -> {
            command.add("-p");
            command.add(parameter + "=" + String.join(",", values));
        });
        command.add("figures\\." + benchmark.replace(".", "\\.") + "$");
        Workshop.Ended ran = workshop.run(file, workshop.folder(), command);
        if (ran.code() != 0 || !Files.exists(written)) {
            throw new BenchmarkFailedException("the benchmarks of " + question + " failed, exit code " + ran.code()
                    + "; the end of " + ran.printed() + ":\n" + ran.tail());
        }
        return Measured.read(written);
    }

    private static Map<String, Set<String>> parameters(Question question, List<Wanted> wanted) {
        Map<String, Set<String>> all = new TreeMap<>();
        for (Wanted one : wanted) {
            one.parameters().forEach(
                    (name, value) -> all.computeIfAbsent(name, missing -> new LinkedHashSet<>()).add(value));
        }
        for (int i = 0; i < question.parameters.size(); i += 2) {
            all.put(question.parameters.get(i), Set.of(question.parameters.get(i + 1)));
        }
        return all;
    }

    /**
     * How long single round trips take.
     *
     * @return by what makes them, nanoseconds and how often they were seen, ascending
     * @throws IOException          if the benchmark cannot be run
     * @throws InterruptedException if the thread is interrupted meanwhile
     */
    public Map<String, List<double[]>> latencies() throws IOException, InterruptedException {
        List<Wanted> wanted = Question.latencies(isShort());
        List<Measured> results =
                jmh("latencies", Question.P1, wanted, _ -> List.of("-bm", "sample", "-wi", "4", "-w", "500ms",
                        "-i", isShort() ? "3" : "10", "-r", "300ms"));
        Map<String, List<double[]>> all = new LinkedHashMap<>();
        for (Wanted one : wanted) {
            results.stream().filter(one::isIn).findFirst().ifPresent(found -> all.put(one.name(), found.histogram()));
        }
        return all;
    }

    /** Ends the programs that run. */
    @Override
    public void close() {
        workshop.close();
    }
}
