/**
 * The compiled plan of a pipeline: checked, immutable, the same for the operator and every service.
 * {@link dev.millrace.pipeline.plan.PlanCompiler} makes it from the resource, or lists every {@link
 * dev.millrace.pipeline.plan.Problem}.
 */
package dev.millrace.pipeline.plan;
