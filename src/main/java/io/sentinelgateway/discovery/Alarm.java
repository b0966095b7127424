package io.sentinelgateway.discovery;

import io.vertx.core.Vertx;
import java.time.Duration;

/** One thing to be done later; a new one takes the place of the old. Confined to one context. */
final class Alarm {

  private final Vertx vertx;
  private long timer = -1;

  Alarm(Vertx vertx) {
    this.vertx = vertx;
  }

  void set(Duration delay, Runnable work) {
    cancel();
    timer = vertx.setTimer(Math.max(1, delay.toMillis()), fired -> work.run());
  }

  void cancel() {
    vertx.cancelTimer(timer);
  }
}
