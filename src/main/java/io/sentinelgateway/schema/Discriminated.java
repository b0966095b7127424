package io.sentinelgateway.schema;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * On a component whose type is one of the {@code …Settings} interfaces: the enclosing mapping
 * itself carries exactly one key that is a {@link Kind#word()}, and that key's value holds the
 * settings. Without it the kind is named by {@code type:} inside the component's own mapping.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.RECORD_COMPONENT)
public @interface Discriminated {}
