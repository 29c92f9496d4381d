package dev.millrace.local.faults;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.util.List;

/**
 * Exact numbers over faults of every kind on real servers: a short form by default, a long one
 * where the system property {@code millrace.faults} says how many ({@code ./millrace test
 * --faults}).
 */
class FaultsTest {
    private static final int MANY = Integer.getInteger("millrace.faults", 0);
    private static final long SEED =
            Long.getLong("millrace.seed", MANY == 0 ? 1 : System.nanoTime());
    private static final int RATE = 400;

    @TempDir Path folder;

    @Test
    void everyEventCountsOnceWhateverFails() throws Exception {
        System.out.println("Faults with -Dmillrace.seed=" + SEED);
        try (FaultyRun run = new FaultyRun(folder, SEED, RATE)) {
            if (MANY == 0) {
                for (Fault fault : few()) {
                    run.make(fault);
                    run.goOn();
                }
            }
            for (int i = 0; i < MANY; i++) {
                Fault fault = run.any();
                run.make(fault);
                run.goOn();
                System.out.println(fault + " overcome; so far " + run.summary());
            }
            run.verify();
            System.out.println("No difference after " + run.summary());
        }
    }

    private static List<Fault> few() {
        return List.of(
                Fault.KILL,
                Fault.ZOMBIE,
                Fault.REDIS_LOSES_THE_LAST,
                Fault.REBALANCE,
                Fault.REDIS_KILL,
                Fault.KILL,
                Fault.REDIS_HELD,
                Fault.REDIS_FLUSHED,
                Fault.MONGO_AWAY,
                Fault.BROKER_RESTART);
    }
}
