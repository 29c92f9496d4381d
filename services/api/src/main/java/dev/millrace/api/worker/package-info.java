/** Threads that do something again and again while the API runs. */
package dev.millrace.api.worker;
