/** The way to the pipeline's Mongo. */
package dev.millrace.api.mongo;
