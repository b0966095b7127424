package io.sentinelgateway.observe;

import io.sentinelgateway.exchange.Loop;
import io.sentinelgateway.exchange.Timers;
import io.sentinelgateway.target.Connections;
import io.vertx.core.Vertx;
import java.util.concurrent.atomic.AtomicLong;
import java.util.random.RandomGenerator;

/** A loop whose time stands still unless a test moves it. */
final class TestLoop implements Loop {

  private final Vertx vertx;
  final AtomicLong nanos = new AtomicLong(1_000_000_000L);

  TestLoop(Vertx vertx) {
    this.vertx = vertx;
  }

  @Override
  public Vertx vertx() {
    return vertx;
  }

  @Override
  public int index() {
    return 0;
  }

  @Override
  public Connections connections() {
    throw new UnsupportedOperationException();
  }

  @Override
  public Timers timers() {
    throw new UnsupportedOperationException();
  }

  @Override
  public long nanoTime() {
    return nanos.get();
  }

  @Override
  public String httpDate() {
    throw new UnsupportedOperationException();
  }

  @Override
  public long currentTimeMillis() {
    return 1_764_000_000_000L;
  }

  @Override
  public RandomGenerator random() {
    throw new UnsupportedOperationException();
  }
}
