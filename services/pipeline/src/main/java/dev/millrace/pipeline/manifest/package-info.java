/**
 * From a manifest's YAML to the resource's types and on to the plan, with every problem of the file
 * in one list.
 */
package dev.millrace.pipeline.manifest;
