package dev.millrace.processor.state;

/** The state belongs to another plan: a newer version of the pipeline counts now. */
public final class SupersededException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** The exception, with what to do about it. */
    public SupersededException() {
        super(
                "Another version of this pipeline's manifest counts in this Redis now; this instance has stopped counting."
                        + " Restart it with the current manifest, or give each pipeline a Redis of its own");
    }
}
