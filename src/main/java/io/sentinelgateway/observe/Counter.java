package io.sentinelgateway.observe;

import java.util.concurrent.atomic.AtomicLong;

/**
 * A number that one thread writes and any thread reads. Opaque access: a reader sees every value
 * sooner or later and none torn, and the writer pays a plain load and store.
 */
final class Counter {

  private final AtomicLong value = new AtomicLong();

  void increment() {
    add(1);
  }

  void add(long amount) {
    value.setOpaque(value.getPlain() + amount);
  }

  /** Any thread. */
  long value() {
    return value.getOpaque();
  }
}
