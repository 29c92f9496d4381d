package dev.millrace.producer.generate;

import java.util.SplittableRandom;

/**
 * A value that others belong to: it is made before the event is written, for theirs may come first.
 */
final class Ahead implements Value {
    private final Value value;
    private final int index;
    private final JsonBuffer json = new JsonBuffer();

    /** A value of the field of an index. */
    Ahead(Value value, int index) {
        this.value = value;
        this.index = index;
    }

    /** Makes the value of the next event. */
    void prepare(SplittableRandom random, Moment moment) {
        json.clear();
        value.write(json, random, moment);
        moment.made[index] = json.hash();
    }

    @Override
    public void write(JsonBuffer out, SplittableRandom random, Moment moment) {
        out.put(json);
    }

    @Override
    public byte[] keyBytes(Moment moment) {
        return value.keyBytes(moment);
    }
}
