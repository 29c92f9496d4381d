package dev.millrace.embedded;

/** A wait between two looks at something that no event tells about. */
final class Pause {

    private Pause() {}

    static void millis(long time) {
        try {
            Thread.sleep(time);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ServerStartException("Interrupted while waiting for a server", e);
        }
    }
}
