package dev.millrace.producer.collect;

import java.util.concurrent.Semaphore;

/** Bounds the bytes of all requests that are held at a time. Safe for use by many threads. */
public final class Budget {
    private final Semaphore free;
    private final int total;

    /** A budget of so many bytes. */
    public Budget(int total) {
        this.free = new Semaphore(total);
        this.total = total;
    }

    /** Bytes taken now. */
    public int taken() {
        return total - free.availablePermits();
    }

    /** The share of one request; nothing at first. For one thread. */
    Share share() {
        return new Share();
    }

    /** What one request holds; closing it gives all back. */
    final class Share implements AutoCloseable {
        private int held;

        /**
         * Takes more bytes.
         *
         * @throws RefusedException 429 where there are no more
         */
        void take(int bytes) {
            if (!free.tryAcquire(bytes)) {
                throw RefusedException.busy(
                        "Too many events are on their way: "
                                + taken()
                                + " of "
                                + total
                                + " bytes are in use. Nothing of this request was written; send it"
                                + " again after the time in Retry-After, or send smaller requests.");
            }
            held += bytes;
        }

        @Override
        public void close() {
            free.release(held);
            held = 0;
        }
    }
}
