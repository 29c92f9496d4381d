package dev.millrace.testing;

/** A Redis shared by the tests of one JVM: use names of your own, or delete all keys first. */
public record TestRedis(String host, int port) {

    /** {@code redis://HOST:PORT}. */
    public String url() {
        return "redis://%s:%d".formatted(host, port);
    }
}
