package dev.millrace.api.socket;

import jakarta.servlet.ServletContext;
import jakarta.websocket.DeploymentException;
import jakarta.websocket.server.ServerContainer;

import org.apache.tomcat.websocket.server.WsSci;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;

/** Teaches the web server WebSocket, and where it is spoken. */
public final class SocketServer
        implements WebServerFactoryCustomizer<TomcatServletWebServerFactory>,
                SmartInitializingSingleton {
    private final ObjectProvider<ServletContext> servlets;
    private final ObjectProvider<LiveSockets> sockets;

    /** For some clients. */
    public SocketServer(
            ObjectProvider<ServletContext> servlets, ObjectProvider<LiveSockets> sockets) {
        this.servlets = servlets;
        this.sockets = sockets;
    }

    @Override
    public void customize(TomcatServletWebServerFactory factory) {
        factory.addContextCustomizers(
                context -> context.addServletContainerInitializer(new WsSci(), null));
    }

    @Override
    public void afterSingletonsInstantiated() {
        ServerContainer container =
                (ServerContainer)
                        servlets.getObject().getAttribute(ServerContainer.class.getName());
        try {
            container.addEndpoint(LiveSocket.configuration(sockets.getObject()));
        } catch (DeploymentException e) {
            throw new IllegalStateException(e);
        }
    }
}
