package dev.millrace.audit;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

import java.time.Duration;

/**
 * How the audit works, as far as it is not the manifest's affair.
 *
 * @param collection the collection of events
 * @param waiting memory for events that wait to be written; no more are read beyond it
 * @param bulk bytes of the events that one write carries at most, so that its documents fit into
 *     memory too
 * @param retryFirst pause after the first write that failed
 * @param retryLongest the pause after many
 * @param revoke how long a partition that goes to another instance may be held to write what waits
 * @param stop how long stopping may take to write what waits
 * @param idle how long after the last write the store is asked whether it is there
 */
@ConfigurationProperties("millrace.audit")
public record AuditSettings(
        @DefaultValue("events") String collection,
        @DefaultValue("16MB") DataSize waiting,
        @DefaultValue("2MB") DataSize bulk,
        @DefaultValue("500ms") Duration retryFirst,
        @DefaultValue("30s") Duration retryLongest,
        @DefaultValue("5s") Duration revoke,
        @DefaultValue("12s") Duration stop,
        @DefaultValue("10s") Duration idle) {}
