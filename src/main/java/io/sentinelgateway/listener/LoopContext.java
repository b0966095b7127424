package io.sentinelgateway.listener;

import io.sentinelgateway.exchange.Loop;
import io.sentinelgateway.exchange.MirrorResult;
import io.sentinelgateway.exchange.TimerWheel;
import io.sentinelgateway.exchange.Timers;
import io.sentinelgateway.http.HttpDate;
import io.sentinelgateway.observe.LoopMetrics;
import io.sentinelgateway.origin.OriginConnections;
import io.sentinelgateway.target.Outcome;
import io.sentinelgateway.wire.FlushBatch;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import java.time.InstantSource;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/** What belongs to one event loop. Confined to it. */
public final class LoopContext implements Loop {

  private final Vertx vertx;
  private final int index;
  private final LongSupplier nanoTime;
  private final InstantSource clock;
  private final RandomGenerator random;
  private final TimerWheel timers;
  private final FlushBatch flushes;
  private final OriginConnections connections;
  private final LoopMetrics metrics;
  private final HttpDate httpDate = new HttpDate();

  /**
   * @param index from 0
   * @param loops number of event loops
   */
  public LoopContext(Vertx vertx, int index, int loops, Clocks clocks, LoopMetrics metrics) {
    this(vertx, new TimerWheel(vertx, clocks.nanoTime()), new Place(index, loops), clocks, metrics);
  }

  /**
   * A loop that serves contexts which come and go.
   *
   * @param owner lives as long as this loop is used
   */
  public LoopContext(Context owner, int index, int loops, Clocks clocks, LoopMetrics metrics) {
    this(
        owner.owner(),
        new TimerWheel(owner.owner(), owner, clocks.nanoTime()),
        new Place(index, loops),
        clocks,
        metrics);
  }

  private LoopContext(
      Vertx vertx, TimerWheel timers, Place place, Clocks clocks, LoopMetrics metrics) {
    this.metrics = metrics;
    this.vertx = vertx;
    this.index = place.index();
    this.nanoTime = clocks.nanoTime();
    this.clock = clocks.clock();
    this.random = clocks.random().get();
    this.timers = timers;
    this.flushes = new FlushBatch();
    this.connections = new OriginConnections(this, place.loops(), flushes, metrics);
  }

  /** Which of how many loops. */
  private record Place(int index, int loops) {}

  /** Sources of time, and of generators of chance: one for each event loop. */
  public record Clocks(
      LongSupplier nanoTime, InstantSource clock, Supplier<RandomGenerator> random) {}

  @Override
  public void attempted(String upstream, Outcome outcome) {
    metrics.upstream(upstream).attempted(outcome);
  }

  @Override
  public void mirrored(String upstream, MirrorResult result) {
    metrics.upstream(upstream).mirrored(result);
  }

  @Override
  public Vertx vertx() {
    return vertx;
  }

  @Override
  public int index() {
    return index;
  }

  @Override
  public OriginConnections connections() {
    return connections;
  }

  /** Gathers what its connections send. */
  FlushBatch flushes() {
    return flushes;
  }

  @Override
  public Timers timers() {
    return timers;
  }

  @Override
  public long nanoTime() {
    return nanoTime.getAsLong();
  }

  @Override
  public String httpDate() {
    return httpDate.at(clock.millis());
  }

  @Override
  public long currentTimeMillis() {
    return clock.millis();
  }

  @Override
  public RandomGenerator random() {
    return random;
  }
}
