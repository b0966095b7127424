package io.sentinelgateway.schema;

import java.util.function.BiFunction;

/**
 * One pluggable implementation: its word in YAML, its settings record, its factory. Immutable.
 *
 * @param word the {@code type:} of a filter or balancer, or the key of a route's handler
 * @param settings the record with one component per key
 * @param factory builds the implementation, off the request path; may throw {@link
 *     IllegalArgumentException} with a message for the user
 * @param <S> settings record
 * @param <W> what the factory may use to build it
 * @param <T> what is built
 */
public record Kind<S, W, T>(String word, Class<S> settings, BiFunction<S, W, T> factory) {

  /** Builds from settings the reader made; the cast holds because it used {@link #settings}. */
  public T create(Object value, W wiring) {
    return factory.apply(settings.cast(value), wiring);
  }
}
