package dev.millrace.pipeline.plan;

/**
 * One thing that is wrong with a manifest.
 *
 * @param path where, such as {@code spec.metrics[1].of}
 * @param message what is wrong and what to write instead
 */
public record Problem(String path, String message) {
    @Override
    public String toString() {
        return path + ": " + message;
    }
}
