package dev.millrace.operator;

import org.junit.jupiter.api.condition.DisabledIfEnvironmentVariable;

import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Tests that run on {@link ApiServer}. They fail where none can be had, unless the machine is said
 * to be without.
 */
@Inherited
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@DisabledIfEnvironmentVariable(
        named = ApiServer.WITHOUT,
        matches = "true",
        disabledReason = "NOT RUN: " + ApiServer.WITHOUT + " says that there is no API server")
public @interface OnApiServer {}
