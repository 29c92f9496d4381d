package dev.millrace.operator.desired;

import dev.millrace.pipeline.resource.PipelineSpec;
import dev.millrace.pipeline.resource.WorkloadSpec;

/** The programs that a pipeline runs. Their names are parts of the names of objects. */
public enum Workload {
    /** Collector and generator: events into Kafka. */
    PRODUCER("producer", "Producer", true, false, false),
    /** Makes streams from others, and loads tables: from Kafka into Kafka. */
    ENRICHER("enricher", "Enricher", true, false, false),
    /** Counts events over windows: from Kafka into Redis. */
    PROCESSOR("processor", "Processor", true, true, false),
    /** Records every event: from Kafka into Mongo. */
    AUDIT("audit", "Audit", true, false, true),
    /** Answers, and shows the dashboard: from Redis, which it proves by what is in Mongo. */
    API("api", "Api", false, true, true);

    private final String text;
    private final String title;
    private final boolean usesKafka;
    private final boolean usesRedis;
    private final boolean usesMongo;

    Workload(String text, String title, boolean kafka, boolean redis, boolean mongo) {
        this.text = text;
        this.title = title;
        this.usesKafka = kafka;
        this.usesRedis = redis;
        this.usesMongo = mongo;
    }

    /** The name in names of objects, and the label {@code app.kubernetes.io/component}. */
    public String text() {
        return text;
    }

    /** The type of the condition that tells whether it runs. */
    public String conditionType() {
        return title + "Ready";
    }

    /** Whether it is a client of Kafka, whatever the pipeline is. */
    public boolean usesKafka() {
        return usesKafka;
    }

    /** Whether it is a client of Redis. */
    public boolean usesRedis() {
        return usesRedis;
    }

    /** Whether it is a client of Mongo. */
    public boolean usesMongo() {
        return usesMongo;
    }

    /** How the pipeline wants it to run; all settings absent where it says nothing. */
    public WorkloadSpec spec(PipelineSpec spec) {
        WorkloadSpec declared =
                switch (this) {
                    case PRODUCER -> spec.producer();
                    case ENRICHER -> spec.enricher();
                    case PROCESSOR -> spec.processor();
                    case AUDIT -> spec.audit() == null ? null : spec.audit().workload();
                    case API -> spec.api() == null ? null : spec.api().workload();
                };
        return declared == null ? new WorkloadSpec(null, null, null, null, null) : declared;
    }
}
