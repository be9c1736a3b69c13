package io.ringfence.sim.workload;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Turns what a builder was told into a recording: complete jobs by their submission, and only what has jobs. */
final class RecordingAssembly {

    private final RecordingBuilder told;
    private final List<String> warnings = new ArrayList<>();

    RecordingAssembly(RecordingBuilder told) {
        this.told = told;
        warnings.addAll(told.warnings());
    }

    Recording recording() {
        int[] rows = told.rowsBySubmission();
        long origin = rows.length == 0 ? 0 : told.submitOf(rows[0]);
        RecordedColumns columns = told.columns(rows.length);
        long early = 0;
        long backwards = 0;
        for (int job = 0; job < rows.length; job++) {
            int row = rows[job];
            told.copy(row, columns, job, origin);
            early += told.submitTime(row) > told.runTime(row) ? 1 : 0;
            backwards += told.doneTime(row) < told.runTime(row) ? 1 : 0;
        }
        warn(early, "jobs run before they were submitted", "taken as submitted then");
        warn(backwards, "jobs done before they were run", "taken as done then");
        Edges edges = edges(rows);
        List<Skipped> skipped = skipped();
        List<String> rings = new ArrayList<>();
        List<Context> contexts = renumber(columns, rings);
        return new Recording(columns, edges, new RecordingLabels(told.format(), rings, contexts, told.kind(),
                skipped, warnings));
    }

    private void warn(long count, String subject, String consequence) {
        if (count > 0) {
            warnings.add(subject + ": " + count + " (" + consequence + ")");
        }
    }

    private Edges edges(int[] rows) {
        LongColumn pairs = told.edges();
        if (pairs.size() == 0) {
            return new Edges(rows.length, new long[0]);
        }
        int[] jobs = new int[told.rows()];
        Arrays.fill(jobs, -1);
        for (int job = 0; job < rows.length; job++) {
            jobs[rows[job]] = job;
        }
        long[] kept = new long[pairs.size()];
        int count = 0;
        long lost = 0;
        for (int i = 0; i < kept.length; i++) {
            int job = jobs[(int) (pairs.get(i) >>> Integer.SIZE)];
            int source = jobs[(int) pairs.get(i)];
            if (job >= 0 && source >= 0 && source < job) {
                kept[count++] = Edges.pair(job, source);
            } else if (job >= 0) {
                lost++;
            }
        }
        warn(lost, "dependencies on jobs that are incomplete or were submitted later", "left out");
        return new Edges(rows.length, Arrays.copyOf(kept, count));
    }

    /** Contexts and rings without a complete job are left out. */
    private List<Context> renumber(RecordedColumns columns, List<String> rings) {
        int[] contextNumbers = new int[told.contexts().size()];
        int[] ringNumbers = new int[told.rings().size()];
        Arrays.fill(contextNumbers, -1);
        Arrays.fill(ringNumbers, -1);
        for (int context : columns.context) {
            contextNumbers[context] = 0;
        }
        List<Context> contexts = new ArrayList<>();
        for (int number = 0; number < contextNumbers.length; number++) {
            Context context = told.contexts().get(number);
            if (contextNumbers[number] < 0) {
                continue;
            }
            int ring = context.ring();
            if (ringNumbers[ring] < 0) {
                ringNumbers[ring] = rings.size();
                rings.add(told.rings().get(ring));
            }
            contextNumbers[number] = contexts.size();
            contexts.add(new Context(ringNumbers[ring], context.name(), context.client()));
        }
        for (int job = 0; job < columns.size(); job++) {
            columns.context[job] = contextNumbers[columns.context[job]];
        }
        return contexts;
    }

    private List<Skipped> skipped() {
        int rings = told.rings().size();
        long[] onlySubmitted = new long[rings];
        long[] notDone = new long[rings];
        long[] neverSubmitted = new long[rings];
        for (int row = 0; row < told.rows(); row++) {
            int ring = told.contexts().get(told.contextOf(row)).ring();
            boolean submitted = told.submitTime(row) != RecordingBuilder.ABSENT;
            boolean ran = told.runTime(row) != RecordingBuilder.ABSENT;
            if (submitted && !ran) {
                onlySubmitted[ring]++;
            } else if (submitted && told.doneTime(row) == RecordingBuilder.ABSENT) {
                notDone[ring]++;
            } else if (!submitted && ran) {
                neverSubmitted[ring]++;
            }
        }
        List<Skipped> skipped = new ArrayList<>();
        for (int ring = 0; ring < rings; ring++) {
            Skipped one = new Skipped(told.rings().get(ring), onlySubmitted[ring], notDone[ring],
                    neverSubmitted[ring]);
            if (one.total() > 0) {
                skipped.add(one);
            }
        }
        return skipped;
    }
}
