package dev.millrace.pipeline.resource;

import com.fasterxml.jackson.annotation.JsonProperty;

/** What the values of a field are. Written in lower case in the manifest. */
public enum FieldType {
    /** JSON string. */
    string,
    /** JSON number without a fraction, within 64 bits. */
    integer,
    /** JSON number, finite. */
    number,
    /** {@code true} or {@code false}. */
    @JsonProperty("boolean")
    bool,
    /** ISO-8601 date and time, or seconds or milliseconds since 1970. */
    timestamp,
    /** JSON object, passed on as it is. */
    object,
    /** JSON array, passed on as it is, or exploded by a stream. */
    array
}
