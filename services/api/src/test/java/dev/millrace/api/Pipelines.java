package dev.millrace.api;

import dev.millrace.pipeline.manifest.ManifestReader;
import dev.millrace.pipeline.plan.Plan;

import java.nio.file.Path;

/** Pipelines that tests serve. */
public final class Pipelines {
    private Pipelines() {}

    /** The example of the repository. */
    public static Plan clickstream() {
        return ManifestReader.read(Path.of("../../k8s/clickstream.yaml"));
    }

    /** One with everything that answers can hold. */
    public static Plan shop() {
        return shop("wall");
    }

    /** The same by the time of its events: its windows move only when a test moves them. */
    public static Plan shopByEventTime() {
        return shop("event");
    }

    private static Plan shop(String clock) {
        return ManifestReader.parse(
                "test",
                """
                apiVersion: millrace.dev/v1alpha1
                kind: AnalyticsPipeline
                metadata: {name: shop}
                spec:
                  clock: CLOCK
                  streams:
                    - name: orders
                      fields:
                        at: {type: timestamp}
                        user: {type: string}
                        page: {type: string, optional: true}
                        price: {type: number}
                        paid: {type: boolean, optional: true}
                        place.city: {type: string}
                        kind: {type: string, enum: [web, app]}
                      time: at
                    - name: clicks
                      fields: {at: {type: timestamp}, user: {type: string}, lon: {type: number, optional: true}, lat: {type: number, optional: true}}
                      time: at
                  metrics:
                    - {name: orders, from: orders, measure: count, windows: [5m, all]}
                    - {name: clicks, from: clicks, measure: count, windows: [5m, all]}
                    - {name: by_page, from: orders, measure: count, by: page, window: 5m}
                    - {name: by_page_and_user, from: orders, measure: count, by: 'page, user', window: 5m}
                    - {name: revenue, from: orders, measure: sum, of: price, unit: USD, windows: [5m, all]}
                    - {name: conversion, formula: 'orders / clicks', unit: percent}
                    - {name: users, from: clicks, measure: latest, key: user, position: [lon, lat], cells: h3/5,
                       fences: {here: 'POLYGON((12 41, 13 41, 13 42, 12 42, 12 41))'}}
                  views:
                    - path: /stats
                      stream: 1s
                      body:
                        version: 3
                        nothing: null
                        totals: {orders: {metric: orders, window: all}, revenue: {metric: revenue, window: all}}
                        now_and_before: [{metric: orders}, {metric: orders, previous: true}]
                        conversion: {metric: conversion}
                        pages: {each: by_page, as: {page: key, count: value, before: previous}, limit: {param: top, default: 2}}
                  dashboard: {title: The shop}
                """
                        .replace("CLOCK", clock));
    }
}
