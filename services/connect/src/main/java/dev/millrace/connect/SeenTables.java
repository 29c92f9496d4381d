package dev.millrace.connect;

import java.lang.management.ManagementFactory;

import javax.management.JMException;
import javax.management.MBeanServer;
import javax.management.ObjectName;

/**
 * Which tables a connector follows, as its metrics tell. Debezium runs on where it sees none, as
 * long as one may come.
 */
final class SeenTables {
    private SeenTables() {}

    /** Whether a connector reads changes by now, and of no table. */
    static boolean none(String prefix) {
        MBeanServer metrics = ManagementFactory.getPlatformMBeanServer();
        try {
            ObjectName pattern =
                    new ObjectName(
                            "debezium.*:type=connector-metrics,context=streaming,server="
                                    + prefix
                                    + ",*");
            for (ObjectName name : metrics.queryNames(pattern, null)) {
                boolean reads = Boolean.TRUE.equals(metrics.getAttribute(name, "Connected"));
                if (reads
                        && metrics.getAttribute(name, "CapturedTables") instanceof String[] tables
                        && tables.length == 0) {
                    return true;
                }
            }
        } catch (JMException e) {
            // it is being stopped, and its metrics go
        }
        return false;
    }
}
