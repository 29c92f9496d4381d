package dev.millrace.api.view;

import dev.millrace.api.json.Json;
import dev.millrace.api.json.Shapes;
import dev.millrace.api.rest.IntegerParameter;
import dev.millrace.api.window.Group;
import dev.millrace.api.window.Snapshot;
import dev.millrace.api.window.WindowView;
import dev.millrace.pipeline.plan.ViewPlan;
import dev.millrace.pipeline.plan.ViewPlan.Each;
import dev.millrace.pipeline.plan.ViewPlan.Fields;
import dev.millrace.pipeline.plan.ViewPlan.Items;
import dev.millrace.pipeline.plan.ViewPlan.Literal;
import dev.millrace.pipeline.plan.ViewPlan.Node;
import dev.millrace.pipeline.plan.ViewPlan.Value;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** Makes a view's answers. */
final class ViewBody {
    private final Node body;
    private final Map<String, IntegerParameter> parameters = new LinkedHashMap<>();
    private Made made;

    private record Made(Map<String, Integer> limits, long version, byte[] bytes) {}

    ViewBody(ViewPlan view) {
        this.body = view.body();
        collect(body);
    }

    private void collect(Node node) {
        switch (node) {
            case Fields fields -> fields.fields().values().forEach(this::collect);
            case Items items -> items.items().forEach(this::collect);
            case Each each when each.limitParameter() != null ->
                    parameters.putIfAbsent(
                            each.limitParameter(),
                            new IntegerParameter(each.limitParameter(), 1, 1_000, 0));
            case Each _, Literal _, Value _ -> {}
        }
    }

    /**
     * The limits that a query asks for, by parameter; those it does not ask for are not there.
     *
     * @throws dev.millrace.api.problem.ApiProblem 400 when one is not from 1 to 1000
     */
    Map<String, Integer> limits(Function<String, String> query) {
        Map<String, Integer> limits = new LinkedHashMap<>();
        parameters.forEach(
                (name, parameter) -> {
                    String text = query.apply(name);
                    if (text != null) {
                        limits.put(name, (int) parameter.parse(text));
                    }
                });
        return limits;
    }

    /** The answer as JSON; the newest one is kept, as many clients ask for the same. */
    byte[] bytes(Snapshot snapshot, Map<String, Integer> limits) {
        Made known = newest();
        if (known != null
                && known.version() == snapshot.version()
                && known.limits().equals(limits)) {
            return known.bytes();
        }
        byte[] bytes = Json.bytes(answer(body, snapshot, limits));
        keep(new Made(limits, snapshot.version(), bytes));
        return bytes;
    }

    private synchronized Made newest() {
        return made;
    }

    private synchronized void keep(Made next) {
        made = next;
    }

    private static Object answer(Node node, Snapshot snapshot, Map<String, Integer> limits) {
        return switch (node) {
            case Literal literal -> literal.value();
            case Fields fields -> {
                Map<String, Object> object = new LinkedHashMap<>();
                fields.fields()
                        .forEach((name, part) -> object.put(name, answer(part, snapshot, limits)));
                yield object;
            }
            case Items items -> {
                List<Object> array = new ArrayList<>();
                items.items().forEach(part -> array.add(answer(part, snapshot, limits)));
                yield array;
            }
            case Value value -> {
                WindowView view =
                        snapshot.view(value.metric().name(), value.window()).orElseThrow();
                yield value.previous() ? view.previous() : view.value();
            }
            case Each each -> rows(each, snapshot, limits);
        };
    }

    private static List<Map<String, Object>> rows(
            Each each, Snapshot snapshot, Map<String, Integer> limits) {
        WindowView view = snapshot.view(each.metric().name(), each.window()).orElseThrow();
        int limit =
                each.limitParameter() == null
                        ? each.limit()
                        : limits.getOrDefault(each.limitParameter(), each.limit());
        return view.ranking().page(0, limit).stream().map(group -> row(each, group)).toList();
    }

    private static Map<String, Object> row(Each each, Group group) {
        Map<String, Object> row = new LinkedHashMap<>();
        each.as()
                .forEach(
                        (name, column) ->
                                row.put(
                                        name,
                                        switch (column) {
                                            case key -> Shapes.key(each.metric(), group);
                                            case value -> group.value();
                                            case previous -> group.previous();
                                        }));
        return row;
    }
}
