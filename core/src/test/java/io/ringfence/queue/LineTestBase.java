package io.ringfence.queue;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** For tests with threads that stand in the line of a queue, and with devices that must be noticed at a certain moment. */
abstract class LineTestBase extends QueueTestBase {
    private static final Pattern GAP = Pattern.compile("(?:run|cancel) of (\\d+) after (\\d+) on .*");

    /** A thread that waits, or did. */
    record Parked(FutureTask<Void> task, Thread thread) {
        /** Waits until it has done its work. */
        void join() throws InterruptedException, ExecutionException {
            task.get();
        }

        /** Waits until it has given up, and tells why. */
        Throwable failure() throws InterruptedException {
            try {
                task.get();
            } catch (ExecutionException e) {
                return e.getCause();
            }
            throw new AssertionError(thread.getName() + " did what it was to do");
        }
    }

    /** One turn of a loop that waits; a test whose time is over is interrupted. */
    static void spin() {
        assertThat(Thread.currentThread().isInterrupted()).as("interrupted while it waited").isFalse();
        Thread.onSpinWait();
    }

    /** Starts a thread; it stands in the line of the queue, as the last, when this returns. */
    static Parked inLine(JobQueue<Object> queue, String name, Body body) {
        int before = queue.status().inLine();
        Parked parked = started(name, body);
        while (queue.status().inLine() <= before) {
            assertThat(parked.task.isDone()).as("%s gave up", name).isFalse();
            spin();
        }
        return parked;
    }

    /** Starts a thread that parks, be it in a line or elsewhere. */
    static Parked parked(String name, Body body) {
        Parked parked = started(name, body);
        awaitParked(parked.thread);
        return parked;
    }

    /** Starts a thread. */
    static Parked started(String name, Body body) {
        var task = new FutureTask<Void>(() -> {
            body.run();
            return null;
        });
        var thread = new Thread(task, name);
        thread.setDaemon(true);
        thread.start();
        return new Parked(task, thread);
    }

    /** As many jobs as there are places; they stay on the device. */
    static void fill(JobQueue<Object> queue) {
        while (queue.trySubmit("filler") > 0) {
            spin();
        }
        assertThat(queue.status().live()).isEqualTo(queue.options().capacity());
    }

    /**
     * The device completes jobs without an interrupt, so that this thread is who notices; what hangs on them has been done when
     * this returns.
     */
    static void finish(JobQueue<Object> queue, ManualDriver driver, long through) {
        driver.finishQuietlyThrough(through);
        while (queue.timeline().signaled() < through) {
            queue.timeline().poll();
            spin();
        }
    }

    /** Holes are not shown to a driver, which takes their seqnos for lost ones; anything else it noted stays. */
    static void passOverHoles(CheckedDriver driver) {
        driver.violations.removeIf(noted -> {
            Matcher gap = GAP.matcher(noted);
            return gap.matches() && Long.parseLong(gap.group(1)) > Long.parseLong(gap.group(2)) + 1;
        });
    }

    static void awaitRuns(ManualDriver driver, int jobs) {
        while (driver.ran.size() < jobs) {
            spin();
        }
    }
}
