package io.ringfence.sim.cli;

import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

import org.jspecify.annotations.Nullable;

/** A progress bar on standard error, if a person is looking at it. */
final class Progress implements AutoCloseable {

    private static final int WIDTH = 78;

    private final @Nullable ProgressBar bar;

    Progress(String task, long total) {
        if (!Screen.isWatched()) {
            bar = null;
            return;
        }
        bar = new ProgressBarBuilder().setTaskName(task).setInitialMax(total).setStyle(ProgressBarStyle.ASCII)
                .setConsumer(new ConsoleProgressBarConsumer(System.err, WIDTH)).build();
    }

    void finished(long jobs) {
        if (bar != null) {
            bar.stepTo(jobs);
        }
    }

    @Override
    public void close() {
        if (bar != null) {
            bar.close();
        }
    }
}
