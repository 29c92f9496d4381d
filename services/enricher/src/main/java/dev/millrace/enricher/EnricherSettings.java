package dev.millrace.enricher;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

import java.nio.file.Path;
import java.time.Duration;

/**
 * How the enricher works.
 *
 * @param folder where the files of tables are, by default the manifest's folder
 * @param threads how many threads make events, each for some of the partitions
 * @param tableRows how many rows a table may have: all are in memory, about 0.5 kB each
 * @param retryFirst the first pause after a fault
 * @param retryLongest the longest pause
 * @param stop how long the last events may take when the enricher stops
 */
@ConfigurationProperties("millrace.enricher")
public record EnricherSettings(
        Path folder,
        @DefaultValue("1") int threads,
        @DefaultValue("1000000") int tableRows,
        @DefaultValue("500ms") Duration retryFirst,
        @DefaultValue("15s") Duration retryLongest,
        @DefaultValue("10s") Duration stop) {

    /** Where the files of tables are. */
    public Path tableFolder() {
        if (folder != null) {
            return folder;
        }
        String manifest = System.getenv("MILLRACE_PIPELINE");
        Path parent = manifest == null ? null : Path.of(manifest).toAbsolutePath().getParent();
        return parent == null ? Path.of("") : parent;
    }
}
