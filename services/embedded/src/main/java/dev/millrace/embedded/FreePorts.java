package dev.millrace.embedded;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** TCP ports on the loopback interface that nothing listens on. */
public final class FreePorts {

    private static final int HIGHEST = 65_535;
    // A server that is just ending may hold its port a moment longer.
    private static final Duration PATIENCE = Duration.ofSeconds(1);

    private FreePorts() {}

    /** A port that was free at the time of the call. */
    public static int one() {
        return several(1).getFirst();
    }

    /**
     * Different ports that were all free at the time of the call.
     *
     * @param count how many, at least 1
     */
    public static List<Integer> several(int count) {
        var held = new ArrayList<ServerSocket>();
        try {
            for (var i = 0; i < count; i++) {
                held.add(listen(0));
            }
            return held.stream().map(ServerSocket::getLocalPort).toList();
        } catch (IOException e) {
            throw new UncheckedIOException("No free port on 127.0.0.1", e);
        } finally {
            held.forEach(FreePorts::close);
        }
    }

    /** Whether a server could listen on this port of 127.0.0.1 now. */
    public static boolean isFree(int port) {
        try (var _ = listen(port)) {
            return true;
        } catch (IOException _) {
            return false;
        }
    }

    /** The port itself, or a free one for 0; refused when another program listens on it. */
    static int require(String server, int port) {
        if (port < 0 || port > HIGHEST) {
            throw new ServerStartException(
                    "%s cannot listen on port %d: give a port from 1 to %d, or 0 for any free one."
                            .formatted(server, port, HIGHEST));
        }
        if (port == 0) {
            return one();
        }
        var patience = Instant.now().plus(PATIENCE);
        while (!isFree(port)) {
            if (Instant.now().isAfter(patience)) {
                throw inUse(server, port);
            }
            Pause.millis(50);
        }
        return port;
    }

    private static ServerStartException inUse(String server, int port) {
        return new ServerStartException(
                "%s cannot listen on 127.0.0.1:%d: another program uses this port, or it may not be used by you. Stop that program, or choose another port."
                        .formatted(server, port));
    }

    private static ServerSocket listen(int port) throws IOException {
        var socket = new ServerSocket();
        try {
            socket.bind(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), port), 1);
            return socket;
        } catch (IOException e) {
            socket.close();
            throw e;
        }
    }

    private static void close(ServerSocket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
