package dev.millrace.api.socket;

import jakarta.websocket.CloseReason;
import jakarta.websocket.CloseReason.CloseCodes;
import jakarta.websocket.Endpoint;
import jakarta.websocket.EndpointConfig;
import jakarta.websocket.HandshakeResponse;
import jakarta.websocket.Session;
import jakarta.websocket.server.HandshakeRequest;
import jakarta.websocket.server.ServerEndpointConfig;

import java.net.URI;
import java.util.List;
import java.util.Map;

/**
 * The end of one WebSocket. Pages of other sites are turned away: unlike for other requests,
 * browsers would let them read what comes.
 */
final class LiveSocket extends Endpoint {
    /** Where it is. */
    static final String PATH = "/api/v1/socket";

    private static final String FOREIGN = "foreign";

    private final LiveSockets sockets;

    private LiveSocket(LiveSockets sockets) {
        this.sockets = sockets;
    }

    /** What the web server has to know of it. */
    static ServerEndpointConfig configuration(LiveSockets sockets) {
        return ServerEndpointConfig.Builder.create(LiveSocket.class, PATH)
                .configurator(
                        new ServerEndpointConfig.Configurator() {
                            @Override
                            public <T> T getEndpointInstance(Class<T> type) {
                                return type.cast(new LiveSocket(sockets));
                            }

                            @Override
                            public void modifyHandshake(
                                    ServerEndpointConfig config,
                                    HandshakeRequest request,
                                    HandshakeResponse response) {
                                config.getUserProperties()
                                        .put(FOREIGN, isForeign(request.getHeaders()));
                            }
                        })
                .build();
    }

    /** Whether a browser says that the page is of another site. */
    static boolean isForeign(Map<String, List<String>> headers) {
        List<String> origin = headers.getOrDefault("Origin", List.of());
        List<String> host = headers.getOrDefault("Host", List.of());
        if (origin.isEmpty()) {
            return false;
        }
        try {
            URI page = URI.create(origin.getFirst());
            return host.isEmpty() || !host.getFirst().equalsIgnoreCase(page.getRawAuthority());
        } catch (IllegalArgumentException _) {
            return true;
        }
    }

    @Override
    public void onOpen(Session session, EndpointConfig config) {
        if (Boolean.TRUE.equals(session.getUserProperties().get(FOREIGN))) {
            LiveSockets.close(
                    session, CloseCodes.VIOLATED_POLICY, "Pages of other sites cannot follow");
            return;
        }
        sockets.open(session);
    }

    @Override
    public void onClose(Session session, CloseReason reason) {
        sockets.gone(session);
    }

    @Override
    public void onError(Session session, Throwable failure) {
        sockets.gone(session);
    }
}
