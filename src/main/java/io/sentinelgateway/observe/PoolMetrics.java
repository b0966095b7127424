package io.sentinelgateway.observe;

import io.sentinelgateway.observe.PoolGauges.PoolCounts;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * One upstream's pools on one loop, as they were at the last sample. Written by that loop; read by
 * any thread.
 *
 * <p>A pool goes with its target and takes its counts along; the sums here never shrink, or a
 * scaled down upstream would look like a restarted gateway.
 */
final class PoolMetrics {

  private final Counter created = new Counter();
  private final Counter reused = new Counter();
  private volatile PoolCounts last = none("");

  /** Takes a sample of all pools of a loop; an upstream that has none any more stays at zero. */
  static void sample(List<PoolCounts> pools, Map<String, PoolMetrics> all) {
    Map<String, PoolCounts> sums = new HashMap<>();
    all.keySet().forEach(id -> sums.put(id, none(id)));
    pools.forEach(pool -> sums.merge(pool.upstream(), pool, PoolCounts::plus));
    sums.forEach((id, sum) -> all.computeIfAbsent(id, k -> new PoolMetrics()).update(sum));
  }

  /** The last samples of all loops together, by upstream. */
  static Map<String, PoolCounts> totals(List<LoopMetrics> loops) {
    Map<String, PoolCounts> totals = new TreeMap<>();
    for (LoopMetrics loop : loops) {
      loop.pools().forEach((id, pool) -> totals.merge(id, pool.counts(), PoolCounts::plus));
    }
    return totals;
  }

  private void update(PoolCounts now) {
    created.add(Math.max(0, now.created() - last.created()));
    reused.add(Math.max(0, now.reused() - last.reused()));
    last = now;
  }

  /** The last sample, with counts that never shrink. */
  PoolCounts counts() {
    PoolCounts now = last;
    return new PoolCounts(
        now.upstream(), now.open(), now.idle(), now.pending(), created.value(), reused.value());
  }

  private static PoolCounts none(String upstream) {
    return new PoolCounts(upstream, 0, 0, 0, 0, 0);
  }
}
