package io.sentinelgateway.observe;

import io.sentinelgateway.error.ProxyError.Cause;
import io.sentinelgateway.observe.PoolGauges.PoolCounts;
import io.sentinelgateway.observe.PoolMetrics.Closed;
import io.sentinelgateway.observe.PoolMetrics.Opened;
import io.sentinelgateway.observe.PoolMetrics.TlsVersion;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.ToLongFunction;

/** Sums what all loops know of connections to origin servers. Confined to the thread that reads. */
final class PoolFold {

  private static final Set<Cause> REFUSALS =
      EnumSet.of(
          Cause.CONNECTION_LIMIT, Cause.POOL_FULL, Cause.POOL_TIMEOUT, Cause.CONNECT_SUSPENDED);
  private static final Set<Cause> CONNECT_FAILURES =
      EnumSet.of(
          Cause.CONNECT_REFUSED,
          Cause.CONNECT_FAILED,
          Cause.CONNECT_TIMEOUT,
          Cause.NAME_NOT_RESOLVED,
          Cause.UPSTREAM_TLS_UNTRUSTED,
          Cause.UPSTREAM_TLS_NAME_MISMATCH,
          Cause.UPSTREAM_TLS_FAILED,
          Cause.UPSTREAM_TLS_TIMEOUT,
          Cause.NO_COMMON_PROTOCOL);

  private final List<LoopMetrics> loops;
  private final Families out;

  PoolFold(List<LoopMetrics> loops, Families out) {
    this.loops = loops;
    this.out = out;
  }

  /** The last samples of all loops together, by upstream; nothing for one without a pool. */
  static Map<String, PoolCounts> totals(List<LoopMetrics> loops) {
    return sampled(loops, PoolCounts::upstream);
  }

  /** The last samples of all loops together of one upstream, by address of the target. */
  static Map<String, PoolCounts> targets(List<LoopMetrics> loops, String upstream) {
    Map<String, PoolCounts> all = sampled(loops, c -> c.upstream() + '/' + c.target());
    Map<String, PoolCounts> targets = new HashMap<>();
    all.values().stream()
        .filter(counts -> counts.upstream().equals(upstream))
        .forEach(counts -> targets.put(counts.target(), counts));
    return targets;
  }

  private static Map<String, PoolCounts> sampled(
      List<LoopMetrics> loops, Function<PoolCounts, String> by) {
    Map<String, PoolCounts> sums = new TreeMap<>();
    loops.forEach(
        loop -> loop.sampled().forEach(c -> sums.merge(by.apply(c), c, PoolCounts::plus)));
    return sums;
  }

  void fold() {
    Map<String, PoolCounts> now = totals(loops);
    Map<String, List<PoolMetrics>> parts = new TreeMap<>();
    for (LoopMetrics loop : loops) {
      loop.pools().forEach((id, p) -> parts.computeIfAbsent(id, k -> new ArrayList<>()).add(p));
    }
    parts.forEach(
        (id, pools) -> {
          gauges(id, now.getOrDefault(id, new PoolCounts(id, "", 0, 0, 0, 0)));
          counters(id, pools);
        });
  }

  private void gauges(String id, PoolCounts now) {
    out.gauge(Metric.POOL_CONNECTIONS, Math.max(0, now.open() - now.idle()), id, "active");
    out.gauge(Metric.POOL_CONNECTIONS, now.idle(), id, "idle");
    out.gauge(Metric.POOL_PENDING, now.pending(), id);
    out.gauge(Metric.POOL_STREAMS, now.streams(), id);
  }

  private void counters(String id, List<PoolMetrics> pools) {
    for (Opened why : Opened.values()) {
      out.counter(Metric.POOL_OPENED, sum(pools, p -> p.opened(why)), id, why.code());
    }
    out.counter(Metric.POOL_PROTOCOL, sum(pools, PoolMetrics::http1), id, "http1");
    out.counter(Metric.POOL_PROTOCOL, sum(pools, PoolMetrics::http2), id, "http2");
    for (Closed why : Closed.values()) {
      out.counter(Metric.POOL_CLOSED, sum(pools, p -> p.count(why)), id, why.code());
    }
    for (Cause cause : CONNECT_FAILURES) {
      out.counter(
          Metric.POOL_CONNECT_FAILURES, sum(pools, p -> p.failures(cause)), id, cause.code());
    }
    for (TlsVersion version : TlsVersion.values()) {
      out.counter(
          Metric.POOL_TLS_HANDSHAKES, sum(pools, p -> p.secured(version)), id, version.code());
    }
    for (Cause cause : REFUSALS) {
      out.counter(Metric.POOL_REFUSED, sum(pools, p -> p.failures(cause)), id, cause.code());
    }
    out.counter(Metric.POOL_ACQUIRED, sum(pools, PoolMetrics::acquired), id);
    out.counter(Metric.POOL_REUSED, sum(pools, PoolMetrics::reused), id);
    out.histogram(Metric.POOL_CONNECT_DURATION, total(pools, PoolMetrics::connects), id);
    out.histogram(Metric.POOL_WAIT_DURATION, total(pools, PoolMetrics::waits), id);
  }

  private static long sum(List<PoolMetrics> pools, ToLongFunction<PoolMetrics> count) {
    return pools.stream().mapToLong(count).sum();
  }

  private static Histogram.Total total(
      List<PoolMetrics> pools, Function<PoolMetrics, Histogram> part) {
    Histogram.Total total = new Histogram.Total(Buckets.REQUESTS);
    pools.forEach(pool -> total.add(part.apply(pool)));
    return total;
  }
}
