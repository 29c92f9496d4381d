package dev.millrace.api.json;

import org.springframework.http.CacheControl;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;

/** Answers in JSON. */
public final class Answer {
    private Answer() {}

    /** Of numbers that move on: kept by nobody. */
    public static ResponseEntity<byte[]> live(Object body) {
        return live(Json.bytes(body));
    }

    /** Of JSON in UTF-8 that moves on. */
    public static ResponseEntity<byte[]> live(byte[] body) {
        return ResponseEntity.ok()
                .cacheControl(CacheControl.noStore())
                .contentType(MediaType.APPLICATION_JSON)
                .body(body);
    }

    /** Of what stays the same until the server starts anew: asked for again each time. */
    public static ResponseEntity<byte[]> lasting(Object body) {
        return ResponseEntity.ok()
                .cacheControl(CacheControl.noCache())
                .contentType(MediaType.APPLICATION_JSON)
                .body(Json.bytes(body));
    }
}
