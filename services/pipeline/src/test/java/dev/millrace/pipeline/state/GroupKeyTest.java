package dev.millrace.pipeline.state;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.pipeline.TestPlans;
import dev.millrace.pipeline.event.Event;
import dev.millrace.pipeline.plan.FieldPlan;
import dev.millrace.pipeline.plan.StreamPlan;

import org.junit.jupiter.api.Test;

import tools.jackson.databind.json.JsonMapper;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** A group's name stands for its values, and for no others. */
class GroupKeyTest {
    private static final StreamPlan STREAM =
            TestPlans.streamOf(
                    "a: {type: string, optional: true}, b: {type: string, optional: true}, c: {type: string, optional: true}");
    private static final List<FieldPlan> FIELDS = STREAM.schema().fields();

    private static String key(List<String> values) {
        Map<String, String> event = new LinkedHashMap<>();
        for (int i = 0; i < values.size(); i++) {
            event.put(FIELDS.get(i).name(), values.get(i));
        }
        Event decoded = TestPlans.event(STREAM, JsonMapper.shared().writeValueAsString(event));
        return GroupKey.of(decoded, FIELDS.subList(0, values.size()));
    }

    @Test
    void onePlainValueIsItsOwnName() {
        for (String value : List.of("", "a", "/products/7", "a:b", "ä\ud83d\ude00", " ", "null")) {
            assertThat(key(List.of(value))).isEqualTo(value);
            assertThat(GroupKey.decode(value)).containsExactly(value);
        }
    }

    @Test
    void aMissingValueIsNoEmptyOne() {
        assertThat(key(Arrays.asList((String) null))).isNotEqualTo(key(List.of("")));
        assertThat(GroupKey.decode(key(Arrays.asList((String) null))))
                .containsExactly((String) null);
    }

    @Test
    void everyGroupHasANameOfItsOwnThatLeadsBack() {
        String[] pieces = {
            "\u001f", "\u0018", "\u001b", "a", "", ":", "\u001b\u001b", "\ud83d\ude00"
        };
        Random random = new Random(9);
        Map<String, List<String>> seen = new HashMap<>();
        for (int i = 0; i < 20_000; i++) {
            List<String> values = new ArrayList<>();
            int count = 1 + i % 3;
            for (int field = 0; field < count; field++) {
                StringBuilder text = new StringBuilder();
                for (int piece = random.nextInt(4); piece > 0; piece--) {
                    text.append(pieces[random.nextInt(pieces.length)]);
                }
                values.add(random.nextInt(6) == 0 ? null : text.toString());
            }
            String key = key(values);
            assertThat(GroupKey.decode(key)).isEqualTo(values);
            assertThat(seen.computeIfAbsent(count + key, any -> values)).isEqualTo(values);
        }
        assertThat(seen).hasSizeGreaterThan(2_000);
    }

    @Test
    void anyTextCanBeDecoded() {
        Random random = new Random(10);
        for (int i = 0; i < 5_000; i++) {
            StringBuilder text = new StringBuilder();
            for (int length = random.nextInt(8); length > 0; length--) {
                text.append((char) random.nextInt(0x20));
            }
            assertThat(GroupKey.decode(text.toString())).isNotEmpty();
        }
    }
}
