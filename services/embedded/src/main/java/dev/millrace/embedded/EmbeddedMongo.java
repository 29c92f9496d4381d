package dev.millrace.embedded;

import de.bwaldvogel.mongo.MongoServer;

import dev.millrace.embedded.documents.DocumentStore;

import org.h2.mvstore.MVStore;
import org.h2.mvstore.MVStoreException;

import java.net.InetSocketAddress;
import java.nio.file.Path;

/**
 * A server in this JVM that speaks MongoDB's protocol, on 127.0.0.1 only. What it has acknowledged
 * is in its file within a second.
 *
 * <p>It knows inserts, updates, queries and aggregations, and uses indexes, those that let
 * documents expire among them. It has no transactions or change streams.
 */
public final class EmbeddedMongo implements AutoCloseable {

    private static final String SERVER = "The Mongo-compatible store";

    /** A connection waits for the queries of others that have the same. */
    private static final int WORKERS = 16;

    private static final int CACHE_MB = 32;
    private static final int COMMIT_MILLIS = 500;

    private final DataDirectory data;
    private final int port;
    private final String database;
    private MongoServer server;

    private EmbeddedMongo(DataDirectory data, int port, String database) {
        this.data = data;
        this.port = port;
        this.database = database;
    }

    /**
     * Starts a store and waits until it takes requests.
     *
     * @param folder where its data is; created when missing
     * @param port the port on 127.0.0.1, or 0 for a free one
     * @param database the database that {@link #uri()} names
     * @throws ServerStartException when the port or the folder is taken, or the data cannot be read
     */
    public static EmbeddedMongo start(Path folder, int port, String database) {
        QuietLogs.apply();
        var data = DataDirectory.lock(SERVER, folder);
        try {
            var mongo = new EmbeddedMongo(data, FreePorts.require(SERVER, port), database);
            mongo.startServer();
            return mongo;
        } catch (RuntimeException e) {
            data.close();
            throw e;
        }
    }

    /** {@code mongodb://127.0.0.1:PORT/DATABASE}. */
    public String uri() {
        return uri(database);
    }

    /** The same server with another database. */
    public String uri(String otherDatabase) {
        return "mongodb://127.0.0.1:%d/%s".formatted(port, otherDatabase);
    }

    /** The port on 127.0.0.1; the same after a restart. */
    public int port() {
        return port;
    }

    /** Stops the server, closing all connections. Does nothing when it is stopped. */
    public synchronized void stop() {
        if (server != null) {
            server.shutdownNow();
            server = null;
        }
    }

    /**
     * Starts the server again on the same port and data, after stopping it when it runs.
     *
     * @throws ServerStartException as at the first start
     */
    public synchronized void restart() {
        stop();
        FreePorts.require(SERVER, port);
        startServer();
    }

    /** Stops the server and gives the folder back. */
    @Override
    public void close() {
        stop();
        data.close();
    }

    private synchronized void startServer() {
        var file = open(data.path().resolve("documents.mv"));
        try {
            var started = new MongoServer(new DocumentStore(file));
            started.bind(new InetSocketAddress("127.0.0.1", port), 1, WORKERS);
            server = started;
        } catch (RuntimeException e) {
            file.closeImmediately();
            throw new ServerStartException(
                    "%s did not start on 127.0.0.1:%d with the data in %s: %s. If the data is damaged, delete that file to start empty."
                            .formatted(SERVER, port, file.getFileStore().getFileName(), e),
                    e);
        }
    }

    private static MVStore open(Path path) {
        try {
            var file = new MVStore.Builder().fileName(path.toString()).cacheSize(CACHE_MB).open();
            file.setAutoCommitDelay(COMMIT_MILLIS);
            return file;
        } catch (MVStoreException e) {
            throw new ServerStartException(
                    "%s cannot read %s: %s. Delete that file to start empty."
                            .formatted(SERVER, path, e.getMessage()),
                    e);
        }
    }
}
