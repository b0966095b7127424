package io.sentinelgateway.suite;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** Waits for what must come. */
final class Waiting {

  private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(60);

  private Waiting() {}

  static void until(String what, BooleanSupplier sign) {
    CountDownLatch never = new CountDownLatch(1);
    long deadline = System.nanoTime() + PATIENCE_NANOS;
    try {
      while (!sign.getAsBoolean()) {
        if (never.await(5, TimeUnit.MILLISECONDS) || System.nanoTime() > deadline) {
          throw new AssertionError("in vain: " + what);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(what, e);
    }
  }
}
