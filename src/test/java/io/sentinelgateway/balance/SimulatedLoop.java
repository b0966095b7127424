package io.sentinelgateway.balance;

import io.sentinelgateway.exchange.Loop;
import io.sentinelgateway.exchange.Timers;
import io.sentinelgateway.target.Connections;
import io.vertx.core.Vertx;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/** A loop of which only time and chance are there; the test rules both. */
final class SimulatedLoop implements Loop {

  private final RandomGenerator random;
  long nanos = 1;

  SimulatedLoop(long seed) {
    this.random = new SplittableRandom(seed);
  }

  @Override
  public long nanoTime() {
    return nanos;
  }

  @Override
  public RandomGenerator random() {
    return random;
  }

  @Override
  public int index() {
    return 0;
  }

  @Override
  public Vertx vertx() {
    throw new UnsupportedOperationException();
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
  public String httpDate() {
    throw new UnsupportedOperationException();
  }

  @Override
  public long currentTimeMillis() {
    throw new UnsupportedOperationException();
  }
}
