package io.sentinelgateway.schema;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * The value of an absent key, as it would stand in YAML ({@code "30s"}, {@code "[GET, HEAD]"},
 * {@code "{}"}). The only place where a default is written: reader, schema and reference read it
 * here. A component without it is required, unless it is an {@link java.util.Optional}.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.RECORD_COMPONENT)
public @interface Default {
  String value();
}
