package dev.millrace.audit.document;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.HashMap;
import java.util.Map;
import java.util.Random;

class FieldNameTest {
    @ParameterizedTest
    @CsvSource({
        "$x, %24x",
        "a$b, a$b",
        "a.b, a%2Eb",
        "..., %2E%2E%2E",
        "100%, 100%25",
        "%24x, %2524x",
        "%, %25",
        "_id, %5Fid",
        "_time, %5Ftime",
        "__proto__, %5F_proto__",
        "doc_type, doc%5Ftype",
        "doc_types, doc_types",
        "toString, toString",
        "constructor, constructor",
        "$_.%, %24_%2E%25",
        "été, été",
        "🍕, 🍕",
        "'', %",
    })
    void encodesAtTheTop(String name, String stored) {
        assertThat(FieldName.encode(name, true)).isEqualTo(stored);
        assertThat(FieldName.decode(stored)).isEqualTo(name);
    }

    @ParameterizedTest
    @CsvSource({
        "$x, %24x",
        "a.b, a%2Eb",
        "_id, _id",
        "__proto__, __proto__",
        "doc_type, doc_type",
        "'', %",
    })
    void leavesOurOwnNamesAloneBelow(String name, String stored) {
        assertThat(FieldName.encode(name, false)).isEqualTo(stored);
        assertThat(FieldName.decode(stored)).isEqualTo(name);
    }

    @Test
    void encodesWhatNoStoreHolds() {
        assertThat(FieldName.encode("a\0b", false)).isEqualTo("a%00b");
        assertThat(FieldName.decode("a%00b")).isEqualTo("a\0b");
    }

    @ParameterizedTest
    @ValueSource(strings = {"%zz", "%2", "%-1", "x%", "%%"})
    void leavesWhatItNeverMakes(String stored) {
        assertThat(FieldName.decode(stored)).isEqualTo(stored);
    }

    @Test
    void everyNameComesBackAndNoTwoMeet() {
        Random random = new Random(7);
        String alphabet = "ab_$.%\0u2E5F4doc_typeé";
        for (boolean top : new boolean[] {true, false}) {
            Map<String, String> stored = new HashMap<>();
            for (int i = 0; i < 30_000; i++) {
                StringBuilder name = new StringBuilder();
                for (int length = random.nextInt(6); length > 0; length--) {
                    name.append(alphabet.charAt(random.nextInt(alphabet.length())));
                }
                String encoded = FieldName.encode(name.toString(), top);
                assertThat(FieldName.decode(encoded)).isEqualTo(name.toString());
                assertThat(encoded).isNotEmpty().doesNotStartWith("$").doesNotContain(".", "\0");
                if (top) {
                    assertThat(encoded).doesNotStartWith("_").isNotEqualTo("doc_type");
                }
                String before = stored.put(encoded, name.toString());
                assertThat(before == null || before.equals(name.toString())).isTrue();
            }
        }
    }
}
