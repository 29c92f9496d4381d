package dev.millrace.embedded;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** Single commands to a Redis on 127.0.0.1 whose answer is one line. */
final class RedisCommands {

    private static final int CONNECT_MILLIS = 1_000;

    private RedisCommands() {}

    /**
     * Sends a command and waits for its answer.
     *
     * @param patienceMillis how long to wait for the answer
     * @return the first line of the answer, with its type in front: {@code +PONG}
     * @throws IOException when nobody listens or answers
     */
    static String send(int port, int patienceMillis, String command) throws IOException {
        try (var socket = new Socket()) {
            socket.connect(new InetSocketAddress("127.0.0.1", port), CONNECT_MILLIS);
            socket.setSoTimeout(patienceMillis);
            socket.getOutputStream().write((command + "\r\n").getBytes(StandardCharsets.US_ASCII));
            var answer =
                    new BufferedReader(
                                    new InputStreamReader(
                                            socket.getInputStream(), StandardCharsets.US_ASCII))
                            .readLine();
            if (answer == null) {
                throw new IOException("Redis closed the connection without an answer");
            }
            return answer;
        }
    }
}
