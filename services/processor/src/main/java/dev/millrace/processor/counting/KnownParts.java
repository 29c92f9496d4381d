package dev.millrace.processor.counting;

import dev.millrace.pipeline.event.KnownText;

/**
 * The parts of a cell that belong to texts that the decoder knows, found by their numbers, without
 * hashing or comparing a text. What is not found here may be in the cell all the same: one text may
 * push another out. Takes about 16 bytes for each part. For one thread.
 *
 * @param <P> what there is for each text
 */
final class KnownParts<P> {
    private static final int FEWEST = 16;

    /** With so many places for each part, few push each other out. */
    private static final int SPARSE = 4;

    /** Texts in even places, and what belongs to each behind it. */
    private Object[] places = new Object[2 * FEWEST];

    private int put;

    /** What belongs to a text; {@code null} where that is not known here. */
    @SuppressWarnings("unchecked") // nothing else is put behind a text
    P get(KnownText text) {
        int place = place(text);
        return places[place] == text ? (P) places[place + 1] : null;
    }

    /** Takes note of what belongs to a text. */
    void put(KnownText text, P part) {
        if (++put * SPARSE > places.length / 2 && places.length < 2 * KnownText.NUMBERS) {
            grow();
        }
        int place = place(text);
        places[place] = text;
        places[place + 1] = part;
    }

    private int place(KnownText text) {
        return (text.number() << 1) & (places.length - 1);
    }

    private void grow() {
        Object[] before = places;
        places = new Object[2 * before.length];
        for (int i = 0; i < before.length; i += 2) {
            if (before[i] instanceof KnownText text) {
                int place = place(text);
                places[place] = text;
                places[place + 1] = before[i + 1];
            }
        }
    }
}
