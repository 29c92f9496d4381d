package dev.millrace.testing;

import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;

import java.time.Duration;

/**
 * How long tests wait for what must come: so long that also a slow and busy machine is in time. It
 * costs nothing where all is right, for what has come is not waited for any longer.
 */
public final class Patience {
    /** The longest wait. */
    public static final Duration LONGEST = Duration.ofSeconds(120);

    private Patience() {}

    /** Waits for a condition, for {@link #LONGEST} at most. */
    public static ConditionFactory await() {
        return Awaitility.await().atMost(LONGEST);
    }
}
