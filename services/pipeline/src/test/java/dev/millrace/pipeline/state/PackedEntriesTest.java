package dev.millrace.pipeline.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Random;
import java.util.Set;

class PackedEntriesTest {
    private static final long SEED = Long.getLong("millrace.seed", 1);

    private final Random random = new Random(SEED);

    /** Short and long ones, many of them the same, of one to four bytes a character. */
    private String text() {
        String kind =
                switch (random.nextInt(6)) {
                    case 0 -> "";
                    case 1 -> "ü€😀";
                    case 2 -> "x".repeat(random.nextInt(300));
                    default -> "user-";
                };
        return kind + random.nextInt(2_000);
    }

    private static byte[] withHead(byte[]... parts) {
        byte[] all = "0000000000000007".getBytes(StandardCharsets.UTF_8);
        for (byte[] part : parts) {
            int size = all.length;
            all = Arrays.copyOf(all, size + part.length);
            System.arraycopy(part, 0, all, size, part.length);
        }
        return all;
    }

    @Test
    void totalsComeBackAsTheyWereAdded() {
        Map<String, Long> model = new HashMap<>();
        PackedTotals one = new PackedTotals();
        PackedTotals other = new PackedTotals();
        for (int i = 0; i < 20_000; i++) {
            String group = text();
            long number = random.nextInt(8) == 0 ? random.nextLong() >> 8 : random.nextInt(100);
            boolean isNew = (i % 2 == 0 ? one : other).add(group, number);
            assertThat(isNew || model.containsKey(group)).isTrue();
            model.merge(group, number, Long::sum);
        }
        PackedTotals all = new PackedTotals();
        all.addAll(withHead(one.toArray(), other.toArray()));
        assertThat(all.toMap()).as("seed " + SEED).isEqualTo(model);
        assertThat(all.size()).isEqualTo(model.size());
        all.clear();
        assertThat(all.toMap()).isEmpty();
        all.addAll(withHead(one.toArray()));
        assertThat(all.toMap()).isEqualTo(one.toMap());
    }

    @Test
    void valuesComeBackAsTheyWereAdded() {
        Set<String> model = new HashSet<>();
        PackedValues one = new PackedValues();
        for (int i = 0; i < 20_000; i++) {
            String value = text();
            assertThat(one.add(value)).isEqualTo(model.add(value));
        }
        PackedValues all = new PackedValues();
        all.addAll(withHead(one.toArray(), one.toArray()));
        assertThat(all.toSet()).as("seed " + SEED).isEqualTo(model);
    }

    @Test
    void valuesOfGroupsComeBackAsTheyWereAdded() {
        Map<String, Set<String>> model = new HashMap<>();
        PackedGroups one = new PackedGroups();
        PackedGroups other = new PackedGroups();
        for (int i = 0; i < 20_000; i++) {
            String group = text();
            String value = text();
            (i % 2 == 0 ? one : other).add(group, value);
            model.computeIfAbsent(group, _ -> new HashSet<>()).add(value);
        }
        PackedGroups all = new PackedGroups();
        all.addAll(withHead(one.toArray(), other.toArray()));
        assertThat(all.toMap()).as("seed " + SEED).isEqualTo(model);
        all.clear();
        all.add("a", "b");
        assertThat(all.toMap()).isEqualTo(Map.of("a", Set.of("b")));
    }

    @Test
    void theHighestGroupsStayAndTheOthersAreAddedUp() {
        PackedTotals totals = new PackedTotals();
        totals.add(GroupKey.OTHER, 100);
        for (int i = 1; i <= 10; i++) {
            totals.add("g" + i, i);
        }
        PackedTotals limited = new PackedTotals();
        limited.addAll(withHead(totals.toArray(3)));
        assertThat(limited.toMap())
                .isEqualTo(
                        Map.of("g10", 10L, "g9", 9L, "g8", 8L, GroupKey.OTHER, 100L + 7 * 8 / 2));
        assertThat(withHead(totals.toArray(11))).hasSameSizeAs(withHead(totals.toArray()));

        PackedGroups groups = new PackedGroups();
        for (int i = 1; i <= 5; i++) {
            for (int value = 0; value < i; value++) {
                groups.add("g" + i, "v" + value);
            }
        }
        PackedGroups fewer = new PackedGroups();
        fewer.addAll(withHead(groups.toArray(2)));
        assertThat(fewer.toMap())
                .containsOnlyKeys("g5", "g4", GroupKey.OTHER)
                .containsEntry(GroupKey.OTHER, Set.of("v0", "v1", "v2"));
    }

    @Test
    void sumsBeyondSixtyFourBitsSaturate() {
        PackedTotals totals = new PackedTotals();
        totals.add("most", Long.MAX_VALUE);
        totals.add("most", 1);
        totals.add("least", Long.MIN_VALUE);
        totals.add("least", -1);
        PackedTotals read = new PackedTotals();
        read.addAll(withHead(totals.toArray()));
        assertThat(read.toMap()).isEqualTo(Map.of("most", Long.MAX_VALUE, "least", Long.MIN_VALUE));
    }

    @Test
    void anyOtherBytesAreRefused() {
        assertThatThrownBy(() -> new PackedTotals().addAll(new byte[3]))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("not packed by Millrace");
        for (int i = 0; i < 20_000; i++) {
            byte[] bytes = new byte[random.nextInt(40)];
            random.nextBytes(bytes);
            for (PackedEntries entries :
                    new PackedEntries[] {
                        new PackedTotals(), new PackedValues(), new PackedGroups()
                    }) {
                assertThatCode(() -> tolerate(entries, bytes))
                        .as("seed " + SEED)
                        .doesNotThrowAnyException();
            }
        }
    }

    private static void tolerate(PackedEntries entries, byte[] bytes) {
        try {
            entries.addAll(withHead(bytes));
        } catch (IllegalArgumentException _) {
            // as it should be
        }
    }
}
