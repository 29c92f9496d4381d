/** How long the operator takes for many pipelines, what it takes, and what it writes at rest. */
package dev.millrace.bench.operator;
