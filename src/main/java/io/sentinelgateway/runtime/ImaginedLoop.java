package io.sentinelgateway.runtime;

import io.sentinelgateway.exchange.Loop;
import io.sentinelgateway.exchange.Timers;
import io.sentinelgateway.target.Connections;
import io.vertx.core.Vertx;
import java.util.random.RandomGenerator;

/** The loop of an exchange that never was; parts that are pure do not ask it for anything. */
final class ImaginedLoop implements Loop {

  private static IllegalStateException imagined() {
    return new IllegalStateException("an imagined exchange has no event loop");
  }

  @Override
  public Vertx vertx() {
    throw imagined();
  }

  @Override
  public int index() {
    return 0;
  }

  @Override
  public Connections connections() {
    throw imagined();
  }

  @Override
  public Timers timers() {
    throw imagined();
  }

  @Override
  public long nanoTime() {
    return 0;
  }

  @Override
  public String httpDate() {
    return "";
  }

  @Override
  public long currentTimeMillis() {
    return 0;
  }

  @Override
  public RandomGenerator random() {
    throw imagined();
  }
}
