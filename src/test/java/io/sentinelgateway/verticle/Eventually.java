package io.sentinelgateway.verticle;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Waits for what another thread will do. */
public final class Eventually {

  private Eventually() {}

  public static void holds(String what, BooleanSupplier condition) {
    holds(what, Duration.ofSeconds(20), condition);
  }

  public static void holds(String what, Duration atMost, BooleanSupplier condition) {
    long deadline = System.nanoTime() + atMost.toNanos();
    boolean held = condition.getAsBoolean();
    while (!held && System.nanoTime() < deadline) {
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1));
      held = condition.getAsBoolean();
    }
    assertThat(held).as(what).isTrue();
  }
}
