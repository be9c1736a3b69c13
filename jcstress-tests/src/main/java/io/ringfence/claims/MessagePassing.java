package io.ringfence.claims;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import java.lang.invoke.ConstantBootstraps;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/** A stamp stored with release and loaded with acquire carries the payload written before it. */
@JCStressTest
@Outcome(id = "0, 0", expect = ACCEPTABLE, desc = "The reader came first.")
@Outcome(id = "0, 1", expect = ACCEPTABLE, desc = "The payload was on its way, the stamp was not yet there.")
@Outcome(id = "1, 1", expect = ACCEPTABLE, desc = "The stamp brought the payload.")
@Outcome(id = "1, 0", expect = FORBIDDEN, desc = "A stamp without its payload.")
@State
public class MessagePassing {
    private static final VarHandle STAMP =
            ConstantBootstraps.fieldVarHandle(MethodHandles.lookup(), "stamp", VarHandle.class, MessagePassing.class,
                    int.class);

    int payload;
    int stamp;

    @Actor
    public void write() {
        payload = 1;
        STAMP.setRelease(this, 1);
    }

    @Actor
    public void read(II_Result result) {
        result.r1 = (int) STAMP.getAcquire(this);
        result.r2 = payload;
    }
}
