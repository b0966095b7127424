package io.sentinelgateway.exchange;

import io.sentinelgateway.http.HttpDate;
import io.sentinelgateway.target.Connections;
import io.vertx.core.Vertx;
import java.time.Instant;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import java.util.random.RandomGenerator;

/** A loop whose clock stands still until the test moves it. */
public final class TestLoop implements Loop {

  /** 14 November 2023, 22:13:20 UTC. */
  public static final long START_MILLIS = 1_700_000_000_000L;

  private final Vertx vertx;
  private final Timers timers;
  private final AtomicLong nanos = new AtomicLong(1);
  private final Random random = new Random(1);

  public TestLoop(Vertx vertx) {
    this.vertx = vertx;
    this.timers = new TimerWheel(vertx, nanos::get);
  }

  /** Lets time pass. */
  public void pass(java.time.Duration duration) {
    nanos.addAndGet(duration.toNanos());
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
    throw new UnsupportedOperationException("there is no origin here");
  }

  @Override
  public Timers timers() {
    return timers;
  }

  @Override
  public long nanoTime() {
    return nanos.get();
  }

  @Override
  public String httpDate() {
    return HttpDate.format(Instant.ofEpochMilli(currentTimeMillis()));
  }

  @Override
  public long currentTimeMillis() {
    return START_MILLIS + nanos.get() / 1_000_000;
  }

  @Override
  public RandomGenerator random() {
    return random;
  }
}
