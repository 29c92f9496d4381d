package dev.millrace.api.mongo;

import com.mongodb.ConnectionString;
import com.mongodb.MongoClientSettings;
import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import com.mongodb.client.MongoDatabase;

import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

/**
 * The pipeline's database in Mongo, by a few connections within bounds of time, which are made when
 * it is first used. Safe for use by many threads.
 */
public final class MongoStore implements AutoCloseable {
    private static final String DATABASE = "millrace";
    private static final int CONNECTIONS = 4;
    private static final int PATIENCE_SECONDS = 2;

    private final String uri;
    private final String purpose;
    private final Duration longest;
    private final boolean retries;
    private MongoClient client;

    /**
     * A database that is not connected to yet.
     *
     * @param uri its address; {@code null} or empty: there is none
     * @param purpose what it is used for: the client's name in Mongo's logs
     * @param longest how long an answer may take
     * @param retries whether a read that failed for the network is tried once more by itself
     */
    public MongoStore(String uri, String purpose, Duration longest, boolean retries) {
        this.uri = uri;
        this.purpose = purpose;
        this.longest = longest;
        this.retries = retries;
    }

    /** Whether there is one. */
    public boolean isGiven() {
        return uri != null && !uri.isBlank();
    }

    /**
     * The database; does not wait for an answer.
     *
     * @throws IllegalArgumentException where the address is none
     */
    public synchronized MongoDatabase database() {
        ConnectionString address = new ConnectionString(uri);
        if (client == null) {
            client = MongoClients.create(settings(address));
        }
        return client.getDatabase(Objects.requireNonNullElse(address.getDatabase(), DATABASE));
    }

    private MongoClientSettings settings(ConnectionString address) {
        return MongoClientSettings.builder()
                .applyConnectionString(address)
                .applicationName("millrace-" + purpose)
                .retryReads(retries)
                .applyToClusterSettings(
                        cluster ->
                                cluster.serverSelectionTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS))
                .applyToConnectionPoolSettings(
                        pool ->
                                pool.maxSize(CONNECTIONS)
                                        .maxWaitTime(PATIENCE_SECONDS, TimeUnit.SECONDS))
                .applyToSocketSettings(
                        socket ->
                                socket.connectTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS)
                                        .readTimeout(longest.toMillis(), TimeUnit.MILLISECONDS))
                .build();
    }

    @Override
    public synchronized void close() {
        if (client != null) {
            client.close();
            client = null;
        }
    }
}
