package io.sentinelgateway.origin;

import io.sentinelgateway.exchange.Loop;
import io.sentinelgateway.observe.LoopMetrics;
import io.sentinelgateway.streams.Surroundings;

/**
 * What the pools of one event loop share. Confined to it.
 *
 * @param loop time, timers and chance
 * @param loops number of event loops
 * @param lane what the connections share
 * @param dialer makes them
 * @param metrics count them
 */
record LoopSide(Loop loop, int loops, Lane lane, Dialer dialer, LoopMetrics metrics) {

  /** What sessions of HTTP/2 share. */
  Surroundings surroundings() {
    return new Surroundings(loop, lane.home(), lane.flushes());
  }
}
