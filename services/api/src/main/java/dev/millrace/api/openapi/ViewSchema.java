package dev.millrace.api.openapi;

import dev.millrace.pipeline.plan.ViewPlan;
import dev.millrace.pipeline.plan.ViewPlan.Each;
import dev.millrace.pipeline.plan.ViewPlan.Fields;
import dev.millrace.pipeline.plan.ViewPlan.Items;
import dev.millrace.pipeline.plan.ViewPlan.Literal;
import dev.millrace.pipeline.plan.ViewPlan.Node;
import dev.millrace.pipeline.plan.ViewPlan.Value;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The exact shape of a view's answers, and the parameters that it takes. */
final class ViewSchema {
    private final Map<String, Map<String, Object>> parameters = new LinkedHashMap<>();
    private final Map<String, Object> schema;

    ViewSchema(ViewPlan view) {
        this.schema = schema(view.body());
    }

    Map<String, Object> schema() {
        return schema;
    }

    List<Map<String, Object>> parameters() {
        return List.copyOf(parameters.values());
    }

    private Map<String, Object> schema(Node node) {
        return switch (node) {
            case Literal literal -> {
                Map<String, Object> constant = new LinkedHashMap<>();
                constant.put("const", literal.value());
                yield constant;
            }
            case Fields fields -> {
                Map<String, Object> properties = new LinkedHashMap<>();
                fields.fields().forEach((name, part) -> properties.put(name, schema(part)));
                yield Schemas.object(properties, List.of());
            }
            case Items items ->
                    Map.of(
                            "type",
                            "array",
                            "prefixItems",
                            items.items().stream().map(this::schema).toList(),
                            "minItems",
                            items.items().size(),
                            "maxItems",
                            items.items().size());
            case Value value ->
                    Schemas.described(
                            Schemas.value(value.metric()),
                            value.metric().title()
                                    + ", "
                                    + (value.window().isAll()
                                            ? "since the start"
                                            : value.previous()
                                                    ? value.window() + " before"
                                                    : value.window().text()));
            case Each each -> rows(each);
        };
    }

    private Map<String, Object> rows(Each each) {
        if (each.limitParameter() != null) {
            parameters.putIfAbsent(
                    each.limitParameter(),
                    Parameters.query(
                            each.limitParameter(),
                            "How many groups, highest first",
                            Parameters.integer(1, 1_000, each.limit())));
        }
        Map<String, Object> columns = new LinkedHashMap<>();
        each.as()
                .forEach(
                        (name, column) ->
                                columns.put(
                                        name,
                                        switch (column) {
                                            case key -> Schemas.key(each.metric());
                                            case value -> Schemas.value(each.metric());
                                            case previous ->
                                                    each.window().isAll()
                                                            ? Schemas.type("null")
                                                            : Schemas.value(each.metric());
                                        }));
        return Schemas.array(Schemas.object(columns, List.of()));
    }
}
