package dev.millrace.pipeline.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.pipeline.state.PackedPieces.Range;

import org.junit.jupiter.api.Test;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

class PackedPiecesTest {
    private static final byte[] HEAD = "0000000000000001".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] NEXT_HEAD = "0000000000000002".getBytes(StandardCharsets.US_ASCII);

    private final List<Integer> asked = new ArrayList<>();

    private static byte[] part(byte[] head, PackedEntries... entries) {
        ByteArrayOutputStream part = new ByteArrayOutputStream();
        part.writeBytes(head);
        Arrays.stream(entries).forEach(each -> part.writeBytes(each.toArray()));
        return part.toByteArray();
    }

    /** As Redis answers. */
    private Range<RuntimeException> range(byte[] part) {
        return (first, last) -> {
            asked.add((int) (last - first + 1));
            int from = (int) Math.min(first, part.length);
            return Arrays.copyOfRange(part, from, (int) Math.min(last + 1, part.length));
        };
    }

    private static PackedTotals totals(int groups, String prefix) {
        PackedTotals totals = new PackedTotals();
        for (int i = 0; i < groups; i++) {
            totals.add(prefix + i, i);
        }
        return totals;
    }

    @Test
    void muchIsReadAMegabyteAtATime() {
        PackedTotals all = totals(300_000, "a group of some length ");
        byte[] part = part(HEAD, all, all);
        assertThat(part.length).isGreaterThan(10 * PackedPieces.BYTES);

        PackedTotals read = new PackedTotals();
        PackedPieces.readAll(read, range(part));

        assertThat(asked).allMatch(bytes -> bytes <= PackedPieces.BYTES);
        assertThat(read.size()).isEqualTo(300_000);
        assertThat(read.toMap()).containsEntry("a group of some length 299999", 2 * 299_999L);
    }

    @Test
    void everyKindGoesOnWhereAPieceCutsAnEntry() {
        PackedGroups groups = new PackedGroups();
        PackedValues values = new PackedValues();
        for (int i = 0; i < 100_000; i++) {
            groups.add("group " + i % 1_000, "value " + i);
            values.add("a value " + i);
        }
        PackedGroups readGroups = new PackedGroups();
        PackedPieces.readAll(readGroups, range(part(HEAD, groups)));
        assertThat(readGroups.toMap()).isEqualTo(groups.toMap());

        PackedValues readValues = new PackedValues();
        PackedPieces.readAll(readValues, range(part(HEAD, values)));
        assertThat(readValues.toSet()).isEqualTo(values.toSet());
    }

    @Test
    void anEntryLongerThanAPieceIsRead() {
        PackedValues values = new PackedValues();
        values.add("short");
        values.add("x".repeat(3 * PackedPieces.BYTES));
        values.add("last");
        PackedValues read = new PackedValues();
        PackedPieces.readAll(read, range(part(HEAD, values)));
        assertThat(read.toSet()).isEqualTo(values.toSet());
    }

    @Test
    void aPartThatEndsWithAPieceIsReadToItsEnd() {
        PackedValues values = new PackedValues();
        // three bytes for its length
        values.add("x".repeat(PackedPieces.BYTES - 3));
        assertThat(values.toArray()).hasSize(PackedPieces.BYTES);
        PackedValues read = new PackedValues();
        PackedPieces.readAll(read, range(part(HEAD, values)));
        assertThat(read.size()).isEqualTo(1);
    }

    @Test
    void whatIsPackedAnewMeanwhileIsReadFromTheBeginning() {
        byte[] before = part(HEAD, totals(200_000, "group "), totals(200_000, "group "));
        PackedTotals entries = totals(200_000, "group ");
        entries.addAll(before);
        byte[] after = part(NEXT_HEAD, totals(7, "another "));
        for (int asksBefore = 0; asksBefore < 8; asksBefore++) {
            int until = asksBefore;
            int[] asks = {0};
            PackedTotals read = new PackedTotals();
            PackedPieces.readAll(
                    read,
                    (first, last) -> range(asks[0]++ < until ? before : after).read(first, last));
            assertThat(read.toMap()).isEqualTo(totals(7, "another ").toMap());
        }
    }

    /** Where it goes on within an entry by now, that says nothing of who wrote it. */
    @Test
    void whatIsReadOnAfterItWasPackedAnewIsNotTakenForSomethingElse() {
        byte[] after = part(NEXT_HEAD, totals(200_000, "groups "));
        int[] tries = {0};
        PackedPieces.atOneTime(
                range(after),
                head -> {
                    assertThat(head).isEqualTo(NEXT_HEAD);
                    tries[0]++;
                });
        assertThat(tries[0]).isEqualTo(1);

        int[] asks = {0};
        PackedTotals read = new PackedTotals();
        PackedPieces.atOneTime(
                (first, last) ->
                        range(asks[0]++ == 0 ? part(HEAD, totals(1, "old")) : after)
                                .read(first, last),
                head -> {
                    read.clear();
                    if (Arrays.equals(head, HEAD)) {
                        throw new IllegalArgumentException("read on in the middle of an entry");
                    }
                    PackedPieces.read(head.length, range(after), piece -> read.add(piece, 0));
                });
        assertThat(read.size()).isEqualTo(200_000);
    }

    @Test
    void whatIsNotThereIsEmpty() {
        PackedTotals read = new PackedTotals();
        PackedPieces.readAll(read, range(new byte[0]));
        assertThat(read.size()).isZero();
    }

    @Test
    void whatMillraceDidNotWriteIsRefused() {
        assertThatThrownBy(
                        () -> PackedPieces.readAll(new PackedTotals(), range(new byte[] {1, 2, 3})))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("shorter than its head");
        byte[] cut = part(HEAD, totals(3, "group "));
        assertThatThrownBy(
                        () ->
                                PackedPieces.readAll(
                                        new PackedTotals(),
                                        range(Arrays.copyOf(cut, cut.length - 1))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("is cut");
        byte[] endless = Arrays.copyOf(HEAD, 40);
        Arrays.fill(endless, HEAD.length, endless.length, (byte) 0xff);
        assertThatThrownBy(() -> PackedPieces.readAll(new PackedTotals(), range(endless)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("not packed by Millrace");
    }
}
