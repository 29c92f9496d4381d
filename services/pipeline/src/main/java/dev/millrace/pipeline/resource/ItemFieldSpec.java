package dev.millrace.pipeline.resource;

import io.fabric8.generator.annotation.Required;

/**
 * One field of the objects in an array field.
 *
 * @param type what its values are; not an array
 * @param optional whether an element may lack it
 */
public record ItemFieldSpec(@Required FieldType type, Boolean optional) {}
