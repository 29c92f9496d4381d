package dev.millrace.api.versions;

import dev.millrace.pipeline.state.Row;

/**
 * One version of a row.
 *
 * @param id of the event that made it: {@code TOPIC:PARTITION:OFFSET}
 * @param time of the event, in milliseconds since 1970
 * @param row what it said; {@code null} where today's manifest cannot read the event
 * @param event the event as it was recorded, as JSON
 */
record Version(String id, long time, Row row, byte[] event) {}
