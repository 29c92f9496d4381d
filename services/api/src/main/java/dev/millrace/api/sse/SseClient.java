package dev.millrace.api.sse;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;

import java.io.IOException;
import java.io.OutputStream;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The connection of one client. The container uses the objects of a request that has ended for the
 * next one, so nothing may be written after it has said that the client is gone: it would reach
 * somebody else. The lock sees to that.
 */
final class SseClient {
    private final AsyncContext context;
    private final Lock lock = new ReentrantLock();
    private boolean gone;

    SseClient(AsyncContext context) {
        this.context = context;
    }

    /**
     * Writes and sends.
     *
     * @throws IOException when the client is gone
     */
    void write(byte[] bytes) throws IOException {
        lock.lock();
        try {
            if (gone) {
                throw new IOException("The client is gone.");
            }
            OutputStream out = context.getResponse().getOutputStream();
            out.write(bytes);
            out.flush();
        } catch (IllegalStateException ended) {
            throw new IOException(ended);
        } finally {
            lock.unlock();
        }
    }

    /** Ends the response; nothing can be written any more. Can be called again. */
    void end() {
        lock.lock();
        try {
            if (!gone) {
                gone = true;
                context.complete();
            }
        } catch (IllegalStateException _) {
            // the container completed it
        } finally {
            lock.unlock();
        }
    }

    /** Ends the client's writer when the container notices that the client has gone. */
    AsyncListener untilGone(Thread writer) {
        return new AsyncListener() {
            @Override
            public void onComplete(AsyncEvent event) {
                lock.lock();
                gone = true;
                lock.unlock();
                writer.interrupt();
            }

            @Override
            public void onTimeout(AsyncEvent event) {
                onError(event);
            }

            @Override
            public void onError(AsyncEvent event) {
                // or else the container would make an error page for nobody
                end();
                writer.interrupt();
            }

            @Override
            public void onStartAsync(AsyncEvent event) {
                // it is not started again
            }
        };
    }
}
