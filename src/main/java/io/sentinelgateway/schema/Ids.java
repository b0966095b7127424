package io.sentinelgateway.schema;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * On a map whose keys are ids that other places refer to: 1–64 letters, digits, `.`, `_` and `-`,
 * beginning with a letter or digit. The keys of other maps, such as field names, are free.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.RECORD_COMPONENT)
public @interface Ids {}
