package dev.millrace.producer.generate;

import dev.millrace.pipeline.resource.FieldType;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.SplittableRandom;

/** One of several values, by weight. */
final class Pool implements Value {
    private final byte[][] json;
    private final byte[][] names;
    private final WeightedChoice choice;
    private int last;

    /** Values, each drawn as the choice says. */
    Pool(FieldType type, List<String> values, WeightedChoice choice) {
        this.json =
                values.stream().map(value -> JsonText.value(type, value)).toArray(byte[][]::new);
        this.names =
                type == FieldType.string
                        ? values.stream()
                                .map(value -> value.getBytes(StandardCharsets.UTF_8))
                                .toArray(byte[][]::new)
                        : null;
        this.choice = choice;
    }

    @Override
    public void write(JsonBuffer out, SplittableRandom random, Moment moment) {
        last = choice.draw(random);
        out.put(json[last]);
    }

    @Override
    public byte[] keyBytes(Moment moment) {
        return names == null ? null : names[last];
    }
}
