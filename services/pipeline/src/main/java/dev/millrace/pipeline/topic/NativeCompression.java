package dev.millrace.pipeline.topic;

import net.jpountz.lz4.LZ4Factory;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets Kafka's client compress by native code. Of itself its library does so only where it was
 * loaded from the class path, not from within a jar of jars; in Java it takes three times as long.
 */
public final class NativeCompression {
    private static final Logger log = LoggerFactory.getLogger(NativeCompression.class);

    private NativeCompression() {}

    /**
     * Loads it, before the first client is made. Where that fails, as on a platform that the
     * library has no code for, or without a folder for temporary files, Java compresses.
     */
    public static void load() {
        try {
            LZ4Factory.nativeInstance();
        } catch (RuntimeException | LinkageError e) {
            log.info("LZ4 runs in Java, which is slower: {}", e.toString());
        }
    }
}
