/** Where rows are: in which fences, and in which cell of a grid. */
package dev.millrace.api.place;
