package dev.millrace.producer.generate;

import dev.millrace.pipeline.plan.FieldPlan;
import dev.millrace.pipeline.plan.Schema;
import dev.millrace.pipeline.resource.FieldType;
import dev.millrace.pipeline.resource.GeneratorSpec;
import dev.millrace.pipeline.resource.GeneratorSpec.SessionSpec;
import dev.millrace.pipeline.resource.GeneratorSpec.ValueSpec;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/** Chooses where each field gets its values from: what the manifest says, else by its type. */
final class Values {
    private static final String DEFAULT_RANGE = "1..1000";
    private static final int WORDS = 20;
    private static final int MOST_ITEMS = 4;

    private final GeneratorSpec spec;
    private final Schema schema;
    private final long seed;
    private final Map<String, Ahead> ahead = new LinkedHashMap<>();
    private int keptCount;

    Values(GeneratorSpec spec, Schema schema, long seed) {
        this.spec = spec;
        this.schema = schema;
        this.seed = seed;
    }

    Value of(FieldPlan field) {
        Value value = own(field);
        boolean isReferred =
                spec.values() != null
                        && spec.values().values().stream()
                                .anyMatch(other -> field.name().equals(other.per()));
        if (!isReferred) {
            return value;
        }
        Ahead first = new Ahead(value, field.index());
        ahead.put(field.name(), first);
        return first;
    }

    private Value own(FieldPlan field) {
        if (spec.actor() != null && field.name().equals(spec.actor().field())) {
            return new ActorName();
        }
        if (spec.session() != null && field.name().equals(spec.session().field())) {
            return new SessionName();
        }
        Value ofStep = ofStep(field);
        if (ofStep != null) {
            return ofStep;
        }
        ValueSpec value = spec.values() == null ? null : spec.values().get(field.name());
        if (value == null) {
            return byType(field);
        }
        Value declared = declared(field, value);
        if (value.redraw() != null) {
            return new Kept(declared, Steps.marks(spec.session(), value.redraw()), keptCount++);
        }
        if (value.per() != null) {
            FieldPlan other = schema.field(value.per()).orElseThrow();
            return new PerField(declared, other.index(), mix(seed ^ field.name().hashCode()));
        }
        return Boolean.TRUE.equals(value.perActor()) && spec.actor() != null
                ? new PerActor(declared, mix(seed ^ field.name().hashCode()))
                : declared;
    }

    /** How many values are kept in a session, of the fields that were asked for. */
    int keptCount() {
        return keptCount;
    }

    /** The values that others belong to, of the fields that were asked for; before those others. */
    List<Ahead> ahead() {
        return ahead.entrySet().stream()
                .sorted(Comparator.comparingInt(entry -> depth(entry.getKey())))
                .map(Map.Entry::getValue)
                .toList();
    }

    private int depth(String field) {
        ValueSpec value = spec.values().get(field);
        return value == null || value.per() == null ? 0 : 1 + depth(value.per());
    }

    /** What the steps of the sessions make; {@code null}: not this field. */
    private Value ofStep(FieldPlan field) {
        SessionSpec session = spec.session();
        if (session == null || session.steps() == null) {
            return null;
        }
        String name = field.name();
        if (name.equals(session.state())) {
            return new StepName();
        } else if (name.equals(session.since())) {
            return new Timestamp(moment -> moment.since);
        } else if (session.path() == null) {
            return null;
        } else if (name.equals(session.path().longitude())) {
            return new Degrees(moment -> moment.longitude);
        }
        return name.equals(session.path().latitude())
                ? new Degrees(moment -> moment.latitude)
                : null;
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
            case timestamp -> new Timestamp(moment -> moment.millis);
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
            out.put(moment.actorName.json());
        }

        @Override
        public byte[] keyBytes(Moment moment) {
            return moment.actorName.plain();
        }
    }

    private static final class SessionName implements Value {
        @Override
        public void write(JsonBuffer out, SplittableRandom random, Moment moment) {
            out.put(moment.sessionName.json());
        }

        @Override
        public byte[] keyBytes(Moment moment) {
            return moment.sessionName.plain();
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

    private static final class StepName implements Value {
        @Override
        public void write(JsonBuffer out, SplittableRandom random, Moment moment) {
            out.put(moment.step.name().json());
        }

        @Override
        public byte[] keyBytes(Moment moment) {
            return moment.step.name().plain();
        }
    }

    /** A part of a position, to about a tenth of a metre. */
    private record Degrees(ToDoubleFunction<Moment> degrees) implements Value {
        private static final int DECIMALS = 6;

        @Override
        public void write(JsonBuffer out, SplittableRandom random, Moment moment) {
            out.putDecimal(Math.round(degrees.applyAsDouble(moment) * 1e6), DECIMALS);
        }
    }

    /** A value that some steps draw; in the others it stays what it is. */
    private record Kept(Value value, boolean[] drawn, int index) implements Value {
        @Override
        public void write(JsonBuffer out, SplittableRandom random, Moment moment) {
            if (drawn[moment.step.index()]) {
                moment.kept[index] = random.nextLong();
            }
            value.write(out, new SplittableRandom(mix(moment.kept[index])), moment);
        }

        @Override
        public byte[] keyBytes(Moment moment) {
            return value.keyBytes(moment);
        }
    }

    /** A value drawn by that of another field. */
    private record PerField(Value value, int other, long salt) implements Value {
        @Override
        public void write(JsonBuffer out, SplittableRandom random, Moment moment) {
            value.write(out, new SplittableRandom(mix(salt + moment.made[other])), moment);
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
