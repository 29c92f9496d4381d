package dev.millrace.producer.generate;

import dev.millrace.pipeline.plan.FieldPlan;
import dev.millrace.pipeline.resource.FieldType;
import dev.millrace.pipeline.resource.GeneratorSpec;
import dev.millrace.pipeline.resource.GeneratorSpec.ValueSpec;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/** Chooses where each field gets its values from: what the manifest says, else by its type. */
final class Values {
    private static final String DEFAULT_RANGE = "1..1000";
    private static final int WORDS = 20;
    private static final int MOST_ITEMS = 4;

    private final GeneratorSpec spec;
    private final long seed;

    Values(GeneratorSpec spec, long seed) {
        this.spec = spec;
        this.seed = seed;
    }

    Value of(FieldPlan field) {
        if (spec.actor() != null && field.name().equals(spec.actor().field())) {
            return new ActorName();
        }
        if (spec.session() != null && field.name().equals(spec.session().field())) {
            return new SessionName();
        }
        ValueSpec value = spec.values() == null ? null : spec.values().get(field.name());
        if (value == null) {
            return byType(field);
        }
        Value declared = declared(field, value);
        return Boolean.TRUE.equals(value.perActor()) && spec.actor() != null
                ? new PerActor(declared, mix(seed ^ field.name().hashCode()))
                : declared;
    }

    private static Value declared(FieldPlan field, ValueSpec value) {
        if (value.range() != null) {
            return NumberRange.of(field.type(), value.range());
        }
        if (value.weights() != null) {
            List<String> names = new ArrayList<>();
            List<Double> weights = new ArrayList<>();
            for (Map.Entry<String, Double> entry : value.weights().entrySet()) {
                if (entry.getValue() != null && entry.getValue() > 0) {
                    names.add(entry.getKey());
                    weights.add(entry.getValue());
                }
            }
            double[] array = weights.stream().mapToDouble(Double::doubleValue).toArray();
            return new Pool(field.type(), names, new WeightedChoice(array));
        }
        return zipf(
                field.type(),
                ChoiceExpansion.expand(value.choices()),
                value.skew() == null ? 1 : value.skew());
    }

    private Value byType(FieldPlan field) {
        return switch (field.type()) {
            case string ->
                    zipf(
                            FieldType.string,
                            field.allowed().isEmpty()
                                    ? words(field.path().getLast())
                                    : List.copyOf(field.allowed()),
                            1);
            case integer, number -> NumberRange.of(field.type(), DEFAULT_RANGE);
            case bool -> zipf(FieldType.bool, List.of("true", "false"), 0);
            case timestamp -> new Now();
            case object -> new Pool(FieldType.object, List.of("{}"), WeightedChoice.zipf(1, 0));
            case array ->
                    field.items().isEmpty()
                            ? new Items(List.of(), zipf(FieldType.string, words("item"), 1))
                            : items(field);
        };
    }

    private Value items(FieldPlan field) {
        List<Items.Member> members = new ArrayList<>();
        field.items()
                .forEach(
                        (name, item) ->
                                members.add(
                                        new Items.Member(
                                                EventTemplate.name(name),
                                                item(field.name() + "." + name, item))));
        return new Items(members, null);
    }

    private Value item(String path, FieldPlan item) {
        ValueSpec value = spec.values() == null ? null : spec.values().get(path);
        return value == null ? byType(item) : declared(item, value);
    }

    private static Value zipf(FieldType type, List<String> values, double skew) {
        return new Pool(type, values, WeightedChoice.zipf(values.size(), skew));
    }

    private static List<String> words(String name) {
        return IntStream.rangeClosed(1, WORDS).mapToObj(n -> name + '-' + n).toList();
    }

    /** Spreads nearby numbers over all 64 bits. */
    static long mix(long value) {
        long z = (value ^ (value >>> 30)) * 0xbf58476d1ce4e5b9L;
        z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
        return z ^ (z >>> 31);
    }

    private static final class ActorName implements Value {
        @Override
        public void write(JsonBuffer out, SplittableRandom random, Moment moment) {
            out.put(moment.actorJson);
        }

        @Override
        public byte[] keyBytes(Moment moment) {
            return moment.actorName;
        }
    }

    private static final class SessionName implements Value {
        @Override
        public void write(JsonBuffer out, SplittableRandom random, Moment moment) {
            out.put(moment.sessionJson);
        }

        @Override
        public byte[] keyBytes(Moment moment) {
            return moment.sessionName;
        }
    }

    /** A value drawn by the actor's number alone, so that nothing has to be remembered. */
    private record PerActor(Value value, long salt) implements Value {
        @Override
        public void write(JsonBuffer out, SplittableRandom random, Moment moment) {
            value.write(out, new SplittableRandom(mix(salt + moment.actor)), moment);
        }

        @Override
        public byte[] keyBytes(Moment moment) {
            return value.keyBytes(moment);
        }
    }

    /** An array of one to four objects, or of single values. */
    private record Items(List<Member> members, Value single) implements Value {
        record Member(byte[] name, Value value) {}

        @Override
        public void write(JsonBuffer out, SplittableRandom random, Moment moment) {
            out.put((byte) '[');
            for (int i = random.nextInt(MOST_ITEMS); i >= 0; i--) {
                out.separate();
                if (single != null) {
                    single.write(out, random, moment);
                    continue;
                }
                out.put((byte) '{');
                for (Member member : members) {
                    out.separate();
                    out.put(member.name());
                    member.value().write(out, random, moment);
                }
                out.put((byte) '}');
            }
            out.put((byte) ']');
        }
    }
}
