import org.jspecify.annotations.NullMarked;

/**
 * Fences, queues and the driver contract of Ringfence.
 *
 * <p>The test tools of {@code io.ringfence.sim} look at internals through qualified exports. That module is not there
 * when this one is compiled, hence the suppression.
 */
@SuppressWarnings("module")
@NullMarked
module io.ringfence.core {
    requires java.management;
    requires org.jctools.core.jdk11;
    requires static transitive org.jspecify;

    exports io.ringfence.driver;
    exports io.ringfence.fence;
    exports io.ringfence.queue;
    exports io.ringfence.scheduler;

    exports io.ringfence.internal.ring to io.ringfence.sim;
    exports io.ringfence.internal.seam to io.ringfence.sim;
    exports io.ringfence.internal.timeline to io.ringfence.sim;
    exports io.ringfence.internal.turn to io.ringfence.sim;
    exports io.ringfence.internal.waiting to io.ringfence.sim;
}
