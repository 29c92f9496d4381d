/** The past: numbers of minutes, hours and days in Mongo, written from Redis and answered from. */
package dev.millrace.api.history;
