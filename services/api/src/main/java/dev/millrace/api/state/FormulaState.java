package dev.millrace.api.state;

import dev.millrace.api.window.Amount;
import dev.millrace.api.window.Point;
import dev.millrace.api.window.WindowView;
import dev.millrace.pipeline.plan.FormulaPlan;
import dev.millrace.pipeline.plan.Window;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** A formula over its windows: evaluated again only when one of its metrics changed. */
final class FormulaState {
    private final FormulaPlan plan;
    private final Map<Window, Computed> computed = new HashMap<>();

    private record Computed(List<WindowView> of, WindowView view) {}

    FormulaState(FormulaPlan plan) {
        this.plan = plan;
    }

    /**
     * The formula over one window.
     *
     * @param measures the view of a metric over that window
     */
    WindowView view(Window window, Function<String, WindowView> measures) {
        List<WindowView> views = plan.formula().metrics().stream().map(measures).toList();
        Computed known = computed.get(window);
        if (known != null && same(known.of(), views)) {
            return known.view();
        }
        WindowView first = views.getFirst();
        List<Point> series = new ArrayList<>();
        // all end together, but of some metrics less of the past may be known
        int points = views.stream().mapToInt(view -> view.series().size()).min().orElse(0);
        for (int i = points; i > 0; i--) {
            int back = i;
            Number value = evaluate(views, view -> point(view, back).value());
            series.add(new Point(point(first, i).seconds(), value == null ? 0L : value));
        }
        WindowView view =
                new WindowView(
                        plan,
                        window,
                        first.from(),
                        first.to(),
                        evaluate(views, WindowView::value),
                        window.isAll() ? null : evaluate(views, WindowView::previous),
                        null,
                        null,
                        List.copyOf(series));
        computed.put(window, new Computed(views, view));
        return view;
    }

    /** The last point of a series is 1 back. */
    private static Point point(WindowView view, int back) {
        return view.series().get(view.series().size() - back);
    }

    private static boolean same(List<WindowView> a, List<WindowView> b) {
        for (int i = 0; i < a.size(); i++) {
            if (a.get(i) != b.get(i)) {
                return false;
            }
        }
        return true;
    }

    private Number evaluate(List<WindowView> views, Function<WindowView, Number> part) {
        List<String> names = plan.formula().metrics();
        return Amount.of(
                plan.formula()
                        .evaluate(
                                name -> {
                                    Number value = part.apply(views.get(names.indexOf(name)));
                                    return value == null ? Double.NaN : value.doubleValue();
                                }));
    }
}
