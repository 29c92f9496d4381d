package dev.millrace.testing;

/** A Mongo-compatible store shared by the tests of one JVM: use a database of your own. */
public record TestMongo(String host, int port) {

    /** The address of one of its databases. */
    public String uri(String database) {
        return "mongodb://%s:%d/%s".formatted(host, port, database);
    }
}
