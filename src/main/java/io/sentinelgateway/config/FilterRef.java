package io.sentinelgateway.config;

/** A filter as a route names it: by id, or written in place. */
public sealed interface FilterRef {

  /** The id of an entry of {@code filters}. */
  record Named(String id) implements FilterRef {}

  /** A filter of this route alone. */
  record Inline(FilterSettings settings) implements FilterRef {}
}
