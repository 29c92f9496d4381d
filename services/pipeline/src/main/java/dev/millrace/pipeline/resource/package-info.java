/**
 * The {@code AnalyticsPipeline} resource as it is written: one record per part of the manifest,
 * nothing checked yet. The CRD in {@code crds/} is generated from these types; {@link
 * dev.millrace.pipeline.manifest} reads them from YAML, and {@link dev.millrace.pipeline.plan}
 * turns them into a checked plan.
 */
package dev.millrace.pipeline.resource;
