package dev.millrace.operator.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.FieldsV1;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;

import org.junit.jupiter.api.Test;

/** Who owns which fields reads as ever, and what objects have in common is there once. */
class CompactFieldsTest {
    private static final String FIELDS =
            """
            {"f:metadata": {"f:labels": {".": {}, "f:a": {}, "f:b": {}},
             "f:ownerReferences": {"k:{\\"uid\\":\\"%s\\"}": {".": {}, "f:uid": {}}}},
             "f:spec": {"f:ports": {"k:{\\"port\\":80}": {".": {}, "f:port": {}}, "f:more": {}}}}""";

    private final KubernetesSerialization compact = OperatorConfiguration.serialization();

    @Test
    void readsWhatIsWritten() {
        String json = FIELDS.formatted("x");
        FieldsV1 plain = new KubernetesSerialization().unmarshal(json, FieldsV1.class);

        FieldsV1 fields = read(json);

        assertThat(fields).isEqualTo(plain);
        assertThat(new KubernetesSerialization().unmarshal(compact.asJson(fields), FieldsV1.class))
                .isEqualTo(plain);
    }

    @Test
    void whatObjectsHaveInCommonIsThereOnce() {
        FieldsV1 one = read(FIELDS.formatted("x"));
        FieldsV1 other = read(FIELDS.formatted("y"));

        assertThat(one.getAdditionalProperties().get("f:spec"))
                .isSameAs(other.getAdditionalProperties().get("f:spec"));
        assertThat(one).isNotEqualTo(other);
    }

    @Test
    void anythingButObjectsIsLeftOut() {
        assertThat(read("{\"f:a\": 7, \"f:b\": [{}], \"f:c\": null}"))
                .isEqualTo(read("{\"f:a\": {}, \"f:b\": {}, \"f:c\": {}}"));
    }

    private FieldsV1 read(String json) {
        return compact.unmarshal(json, FieldsV1.class);
    }
}
