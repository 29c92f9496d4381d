/** Databases of a test's own, from which tables are captured. */
package dev.millrace.local.database;
