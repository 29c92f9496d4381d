package dev.millrace.bench.collector;

import java.io.Closeable;

/** Where one worker sends its batches. */
interface BatchTarget extends Closeable {
    /**
     * Sends a batch and returns when it is acknowledged.
     *
     * @throws Exception where it is not: the run fails
     */
    void send(int batch) throws Exception;
}
