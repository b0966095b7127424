package io.sentinelgateway.schema;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * On a type with a static {@code parse(String)}: how its text looks, for schema, reference and
 * messages. The parser has the last word; the pattern must accept all that it accepts.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
public @interface Syntax {
  /** What a message says was expected. */
  String expected();

  /** A regular expression (ECMA 262, unanchored) for the schema. */
  String pattern();

  /** A text that parses. */
  String example();

  /** True when a number without quotes is a valid text. */
  boolean number() default false;
}
