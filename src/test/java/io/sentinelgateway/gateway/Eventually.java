package io.sentinelgateway.gateway;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;

/** Waits for what another thread will do, up to a deadline. */
final class Eventually {

  private static final Duration LIMIT = Duration.ofSeconds(15);

  private Eventually() {}

  /** The first value that fits; fails with the last one that did not. */
  static <T> T value(Callable<T> source, Predicate<T> fits) {
    long deadline = System.nanoTime() + LIMIT.toNanos();
    T value = call(source);
    while (!fits.test(value)) {
      if (System.nanoTime() > deadline) {
        throw new AssertionError("still " + value);
      }
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(2));
      value = call(source);
    }
    return value;
  }

  static void holds(Callable<Boolean> condition) {
    value(condition, Boolean::booleanValue);
  }

  private static <T> T call(Callable<T> source) {
    try {
      return source.call();
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }
}
