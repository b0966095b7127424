package io.sentinelgateway.route;

/** One thing that a route asks of a request. Immutable; equal by value; any thread. */
interface Condition {

  boolean matches(Subject request);

  /**
   * True when every request for which the other condition holds satisfies this one too. May miss
   * that (false is always safe), must never claim it wrongly.
   */
  default boolean impliedBy(Condition other) {
    return equals(other);
  }

  /** What is asked, for users: {@code host shop.example}. */
  String describe();

  /** Why it does not hold, for users: {@code host: api.example ≠ shop.example}. */
  String mismatch(Subject request);
}
