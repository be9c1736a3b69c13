package io.ringfence.fence;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Collection;

import io.ringfence.internal.turn.Deferred;
import io.ringfence.internal.turn.UserCode;

import org.jspecify.annotations.Nullable;

/** The consumer's side of a fence that other code signals. */
final class SignalledFence extends StateFence {

    /** The fence that always was signalled. */
    static final SignalledFence STUB = stub("signalled", null, System.nanoTime());

    private final String name;
    private final boolean timed;
    /** The number of the timeline that this fence is the end of, or a way to leave the device; 0 for neither. */
    private volatile long afterAllOf;
    /** Whom to tell that somebody waits; null if nobody asked to be told, and once the fence is settled. */
    private volatile @Nullable Link link;

    /** The way back to who signals the fence, cut when that has happened. */
    private static final class Link {
        static final VarHandle EARLIEST;

        static {
            try {
                EARLIEST = MethodHandles.lookup().findVarHandle(Link.class, "earliest", long.class);
            } catch (ReflectiveOperationException e) {
                throw new ExceptionInInitializerError(e);
            }
        }

        final FenceProducer producer;
        /** The earliest deadline that the producer was told, as a difference to {@link #origin}. */
        @SuppressWarnings("UnusedVariable") // read and written through EARLIEST only
        private volatile long earliest = Long.MAX_VALUE;
        final long origin = System.nanoTime();

        Link(FenceProducer producer) {
            this.producer = producer;
        }

        boolean isEarlier(long nanoTime) {
            long wanted = nanoTime - origin;
            for (;;) {
                long known = (long) EARLIEST.getVolatile(this);
                if (wanted >= known) {
                    return false;
                }
                if (EARLIEST.compareAndSet(this, known, wanted)) {
                    return true;
                }
            }
        }
    }

    SignalledFence(String name, @Nullable FenceProducer producer) {
        this(name, producer, false);
    }

    SignalledFence(String name, @Nullable FenceProducer producer, boolean timed) {
        this.name = name;
        this.timed = timed;
        link = producer == null ? null : new Link(producer);
    }

    /** A fence that was signalled nobody knows when. */
    static SignalledFence stub(String name, @Nullable Failure failure) {
        return stub(name, failure, FORGOTTEN);
    }

    static SignalledFence stub(String name, @Nullable Failure failure, long nanoTime) {
        SignalledFence stub = new SignalledFence(name, null);
        stub.settleBefore(failure, nanoTime);
        return stub;
    }

    String name() {
        return name;
    }

    void isAfterAllOf(Timeline timeline) {
        afterAllOf = timeline.id();
    }

    /** {@inheritDoc} @hidden */
    @Override
    public boolean isAfterAllOf(long timeline) {
        return afterAllOf == timeline;
    }

    @Override
    boolean isTimed() {
        return timed;
    }

    @Override
    void sever() {
        if (link != null) {
            link = null;
        }
    }

    /** {@inheritDoc} @hidden */
    @Override
    public boolean hasToBeArmed() {
        return link != null && super.hasToBeArmed();
    }

    @Override
    @Nullable
    Object prepareArming() {
        Link known = link;
        return known == null ? null : new Told(known.producer::enableSignalling);
    }

    @Override
    void armed(Object prepared) {
        if (link != null) {
            Deferred.run((Told) prepared);
        }
    }

    @Override
    void hintDeadline(long nanoTime, Collection<Fence> others) {
        Link known = link;
        if (known != null && !isSettled() && known.isEarlier(nanoTime)) {
            Deferred.run(new Told(() -> known.producer.hintDeadline(nanoTime)));
        }
    }

    /** Tells a producer, after what the calling thread is inside of: producers may tell each other, in any number. */
    private static final class Told extends Deferred {
        private final Runnable news;

        Told(Runnable news) {
            this.news = news;
        }

        @Override
        protected @Nullable Deferred perform() {
            return Callback.call(news);
        }
    }

    @Override
    void poll() {
        if (link != null) {
            arm();
        }
    }

    @Override
    public String toString() {
        return name;
    }
}
