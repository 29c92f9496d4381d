/** Numbers in other servers: sinks follow the buckets of Redis as history does. */
package dev.millrace.api.sink;
