package io.ringfence.sim.workload;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Collects what is told of jobs, in any order, and makes a recording of those that everything was told of. One thread's; its memory
 * grows by about 60 bytes for each job.
 */
public final class RecordingBuilder {

    /** A time that was not told. */
    public static final long ABSENT = Long.MIN_VALUE;

    private final String format;
    private final boolean places;
    private RecordingKind kind = RecordingKind.RINGS;
    private final List<String> rings = new ArrayList<>();
    private final Map<String, Integer> ringNumbers = new HashMap<>();
    private final List<Context> contexts = new ArrayList<>();
    private final IntColumn context = new IntColumn();
    private final LongColumn seqno = new LongColumn();
    private final LongColumn submit = new LongColumn();
    private final LongColumn ready = new LongColumn();
    private final LongColumn run = new LongColumn();
    private final LongColumn done = new LongColumn();
    private final IntColumn submitPlace = new IntColumn();
    private final IntColumn readyPlace = new IntColumn();
    private final IntColumn runPlace = new IntColumn();
    private boolean anyReady;
    private final LongColumn edges = new LongColumn();
    private final List<String> warnings = new ArrayList<>();

    /**
     * Begins.
     *
     * @param format what the recording was made with, one word
     * @param places whether it is kept where events stand in the file
     */
    public RecordingBuilder(String format, boolean places) {
        this.format = format;
        this.places = places;
    }

    /**
     * Says what the contexts are, if not those of rings.
     *
     * @param what the kind
     * @return this
     */
    public RecordingBuilder of(RecordingKind what) {
        kind = what;
        return this;
    }

    /**
     * The number of a ring, new or known.
     *
     * @param name what it is called
     * @return its number
     */
    public int ring(String name) {
        Integer known = ringNumbers.get(name);
        if (known != null) {
            return known;
        }
        rings.add(cleaned(name));
        ringNumbers.put(name, rings.size() - 1);
        return rings.size() - 1;
    }

    /**
     * A new context.
     *
     * @param ring its ring
     * @param name what it is called there
     * @return its number
     */
    public int context(int ring, String name) {
        contexts.add(new Context(ring, cleaned(name), ""));
        return contexts.size() - 1;
    }

    /** Names stand in lines and in cells. */
    private static String cleaned(String name) {
        return name.replaceAll("[,\\p{Cntrl}]", "_");
    }

    /**
     * Says who submits to a context, unless that is known.
     *
     * @param number the context
     * @param client who
     */
    public void client(int number, String client) {
        Context known = contexts.get(number);
        if (known.client().isEmpty() && !client.isEmpty()) {
            contexts.set(number, new Context(known.ring(), known.name(), client));
        }
    }

    /**
     * A new job, of which nothing is told yet.
     *
     * @param number its context
     * @param number64 its number there
     * @return its row
     */
    public int add(int number, long number64) {
        context.add(number);
        seqno.add(number64);
        submit.add(ABSENT);
        ready.add(ABSENT);
        run.add(ABSENT);
        done.add(ABSENT);
        if (places) {
            submitPlace.add(0);
            readyPlace.add(0);
            runPlace.add(0);
        }
        return seqno.size() - 1;
    }

    /**
     * How many jobs something was told of.
     *
     * @return 0 or more
     */
    public int rows() {
        return seqno.size();
    }

    /**
     * The context of a job.
     *
     * @param row the job
     * @return the context's number
     */
    public int contextOf(int row) {
        return context.get(row);
    }

    /**
     * A job was submitted; told once more, nothing changes.
     *
     * @param row   the job
     * @param time  when, in nanoseconds of any clock
     * @param place where that stands in the file
     */
    public void submitted(int row, long time, int place) {
        if (submit.get(row) == ABSENT) {
            submit.set(row, time);
            if (places) {
                submitPlace.set(row, place);
            }
        }
    }

    /**
     * A fence was signalled that a job waited for; the last one counts.
     *
     * @param row   the job
     * @param time  when
     * @param place where that stands in the file
     */
    public void ready(int row, long time, int place) {
        if (time > ready.get(row)) {
            ready.set(row, time);
            anyReady = true;
            if (places) {
                readyPlace.set(row, place);
            }
        }
    }

    /**
     * A job was handed to the device; told once more, nothing changes.
     *
     * @param row   the job
     * @param time  when
     * @param place where that stands in the file
     */
    public void run(int row, long time, int place) {
        if (run.get(row) == ABSENT) {
            run.set(row, time);
            if (places) {
                runPlace.set(row, place);
            }
        }
    }

    /**
     * A job was done; told once more, nothing changes.
     *
     * @param row  the job
     * @param time when
     */
    public void done(int row, long time) {
        if (done.get(row) == ABSENT) {
            done.set(row, time);
        }
    }

    /**
     * When a job was submitted.
     *
     * @param row the job
     * @return the time, or {@link #ABSENT}
     */
    public long submitTime(int row) {
        return submit.get(row);
    }

    /**
     * When a job was handed to the device.
     *
     * @param row the job
     * @return the time, or {@link #ABSENT}
     */
    public long runTime(int row) {
        return run.get(row);
    }

    /**
     * When a job was done.
     *
     * @param row the job
     * @return the time, or {@link #ABSENT}
     */
    public long doneTime(int row) {
        return done.get(row);
    }

    /**
     * Where a job was handed to the device.
     *
     * @param row the job
     * @return the place in the file
     */
    public int runPlace(int row) {
        return runPlace.get(row);
    }

    /**
     * A job waits for another.
     *
     * @param row    the job
     * @param source what it waits for
     */
    public void depends(int row, int source) {
        edges.add(Edges.pair(row, source));
    }

    /**
     * Something had to be left out or assumed.
     *
     * @param text one line
     */
    public void warn(String text) {
        warnings.add(text);
    }

    /**
     * Makes the recording.
     *
     * @return the jobs that were submitted, run and done, perhaps none
     */
    public Recording build() {
        return new RecordingAssembly(this).recording();
    }

    // ---- for the assembly

    boolean isComplete(int row) {
        return submit.get(row) != ABSENT && run.get(row) != ABSENT && done.get(row) != ABSENT;
    }

    /** A job cannot have been handed over before it was submitted, whatever the clocks of two processors say. */
    long submitOf(int row) {
        return Math.min(submit.get(row), run.get(row));
    }

    int[] rowsBySubmission() {
        int count = 0;
        int[] rows = new int[rows()];
        for (int row = 0; row < rows.length; row++) {
            if (isComplete(row)) {
                rows[count++] = row;
            }
        }
        int[] complete = Arrays.copyOf(rows, count);
        int[] order = IndexSort.sort(count, (a, b) -> {
            int byTime = Long.compare(submitOf(complete[a]), submitOf(complete[b]));
            return byTime != 0 || !places
                    ? byTime
                    : Integer.compare(submitPlace.get(complete[a]), submitPlace.get(complete[b]));
        });
        for (int i = 0; i < count; i++) {
            order[i] = complete[order[i]];
        }
        return order;
    }

    RecordedColumns columns(int size) {
        return new RecordedColumns(size, anyReady, places);
    }

    /** Copies a row; the context is the builder's number. */
    void copy(int row, RecordedColumns to, int job, long origin) {
        to.context[job] = context.get(row);
        to.seqno[job] = seqno.get(row);
        long submitted = submitOf(row);
        to.submit[job] = submitted - origin;
        long[] readied = to.ready;
        if (readied != null) {
            long last = ready.get(row);
            readied[job] = Math.max(submitted, last == ABSENT ? submitted : last) - origin;
        }
        to.run[job] = run.get(row) - origin;
        to.done[job] = Math.max(run.get(row), done.get(row)) - origin;
        EventPlaces at = to.places;
        if (at != null) {
            at.submit[job] = submitPlace.get(row);
            at.ready[job] = readyPlace.get(row);
            at.run[job] = runPlace.get(row);
        }
    }

    String format() {
        return format;
    }

    RecordingKind kind() {
        return kind;
    }

    List<String> rings() {
        return rings;
    }

    List<Context> contexts() {
        return contexts;
    }

    LongColumn edges() {
        return edges;
    }

    List<String> warnings() {
        return warnings;
    }
}
