package dev.millrace.embedded;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;

/** TCP ports on the loopback interface that nothing listens on. */
public final class FreePorts {

    private static final int HIGHEST = 65_535;
    // Below the ports that systems give to outgoing connections: a server may need seconds until it
    // listens on the port that was chosen for it.
    private static final int LOWEST_CHOSEN = 20_000;
    private static final int HIGHEST_CHOSEN = 29_999;
    private static final int ATTEMPTS = 2_000;
    private static final Set<Integer> GIVEN = ConcurrentHashMap.newKeySet();
    // A server that is just ending may hold its port a moment longer.
    private static final Duration PATIENCE = Duration.ofSeconds(1);

    private FreePorts() {}

    /** A free port, which this process does not choose a second time. */
    public static int one() {
        return several(1).getFirst();
    }

    /**
     * Different free ports, which this process does not choose a second time.
     *
     * @param count how many, at least 1
     * @throws ServerStartException when there are not as many
     */
    public static List<Integer> several(int count) {
        var ports =
                ThreadLocalRandom.current()
                        .ints(LOWEST_CHOSEN, HIGHEST_CHOSEN + 1)
                        .limit(ATTEMPTS)
                        .filter(port -> isFree(port) && GIVEN.add(port))
                        .limit(count)
                        .boxed()
                        .toList();
        if (ports.size() < count) {
            ports.forEach(GIVEN::remove);
            throw new ServerStartException(
                    "Found %d free ports from %d to %d on 127.0.0.1 instead of %d. Stop some of the programs that listen there."
                            .formatted(ports.size(), LOWEST_CHOSEN, HIGHEST_CHOSEN, count));
        }
        return ports;
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
}
