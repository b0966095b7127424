package io.sentinelgateway.observe;

import io.sentinelgateway.exchange.Loop;
import io.sentinelgateway.observe.PoolGauges.PoolCounts;
import java.util.List;
import java.util.function.Consumer;

/**
 * What is measured by time and not by request: how late the loop is, ten times a second, and its
 * pools, once a second. Confined to its loop.
 */
final class LoopWatch {

  private static final int TICKS_PER_SAMPLE = 10;

  private final LoopLag lag;
  private final PoolGauges gauges;
  private final Consumer<List<PoolCounts>> samples;
  private int ticks;

  LoopWatch(LoopLag lag, PoolGauges gauges, Consumer<List<PoolCounts>> samples) {
    this.lag = lag;
    this.gauges = gauges;
    this.samples = samples;
  }

  long start(Loop loop) {
    return loop.vertx().setPeriodic(LoopLag.PERIOD_MILLIS, id -> tick());
  }

  private void tick() {
    lag.tick();
    if (++ticks % TICKS_PER_SAMPLE == 0) {
      samples.accept(gauges.pools());
    }
  }
}
