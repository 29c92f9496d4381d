package dev.millrace.api.socket;

import java.nio.charset.StandardCharsets;

/** A server-sent event as the text of one frame: {@code {"id":…,"event":…,"data":…}}. */
final class SocketFrame {
    private SocketFrame() {}

    /**
     * The text of an event.
     *
     * @param event an event with id, name and data, each on one line; the data is JSON
     */
    static String of(byte[] event) {
        String id = null;
        String name = null;
        String data = null;
        for (String line : new String(event, StandardCharsets.UTF_8).split("\n")) {
            if (line.startsWith("id: ")) {
                id = line.substring(4);
            } else if (line.startsWith("event: ")) {
                name = line.substring(7);
            } else if (line.startsWith("data: ")) {
                data = line.substring(6);
            }
        }
        // id and name are ours: letters, digits and '-'
        return "{\"id\":\"" + id + "\",\"event\":\"" + name + "\",\"data\":" + data + "}";
    }
}
