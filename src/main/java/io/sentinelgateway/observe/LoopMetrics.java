package io.sentinelgateway.observe;

import io.sentinelgateway.error.ProxyError;
import io.sentinelgateway.exchange.ExchangeRecord;
import io.sentinelgateway.exchange.Loop;
import io.sentinelgateway.observe.PoolGauges.PoolCounts;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The counters of one event loop. Every method that counts belongs to that loop alone; {@link
 * GatewayMetrics} folds all loops when somebody reads.
 *
 * <p>Why not a shared registry: a look-up by tags costs microseconds per request, and a counter
 * that all loops write costs a cache line that travels. Here a request costs two map look-ups by an
 * id that is already a string, and plain stores.
 *
 * <p>Ids come from the configuration only, so the number of series is bounded by it. Series of a
 * removed route, upstream or listener go when its last configuration version retires, see {@link
 * GatewayMetrics#retain}; a request that ends later begins the series anew until the next reload.
 */
public final class LoopMetrics {

  /** The route of requests that matched none. No route can have this id. */
  static final String NO_ROUTE = "-";

  private final Map<String, RouteMetrics> routes = new ConcurrentHashMap<>();
  private final Map<String, UpstreamMetrics> upstreams = new ConcurrentHashMap<>();
  private final Map<String, ListenerMetrics> listeners = new ConcurrentHashMap<>();
  private final Map<String, PoolMetrics> pools = new ConcurrentHashMap<>();
  private final CountsBy<ProxyError.Cause> failures = new CountsBy<>(ProxyError.Cause.class);
  private volatile @Nullable LoopLag lag;
  private volatile List<PoolCounts> sampled = List.of();

  /** Counters that no {@link GatewayMetrics} reads. */
  public LoopMetrics() {}

  /** A request's head was read. Every call is followed by one {@link #record}. */
  public void begin(String listener) {
    listener(listener).requestStarted();
  }

  /** A request that began has ended. */
  public void record(ExchangeRecord record, String method) {
    ListenerMetrics listener = listener(record.listener);
    listener.requestFinished();
    String id = record.route;
    RouteMetrics route = handle(routes, id == null ? NO_ROUTE : id, k -> new RouteMetrics());
    route.requests.increment(MethodLabel.of(method), record.status);
    if (record.tunnelEnd == null) {
      route.durations.record(record.endedNanos - record.startedNanos);
      route.requestBytes.add(record.requestBytes);
      route.responseBytes.add(record.responseBytes);
    } else {
      route.durations.record(record.headNanos - record.startedNanos);
      listener.tunnelEnded(record, record.tunnelEnd);
    }
    ProxyError error = record.error;
    if (error != null) {
      failures.increment(error.cause());
    }
    String upstream = record.upstream;
    if (upstream != null && (record.attempts > 1 || record.notRetried != null)) {
      upstream(upstream).retried(record);
    }
  }

  /** A connection that was passed through has ended; its refusal was counted when it came. */
  void passed(PassageRecord record) {
    if (record.end != null) {
      listener(record.listener).passageEnded(record.end);
    }
    if (record.error != null) {
      failures.increment(record.error.cause());
    }
  }

  /** The counters of an upstream; keep them while the configuration version lives. */
  public UpstreamMetrics upstream(String id) {
    return handle(upstreams, id, k -> new UpstreamMetrics());
  }

  /** The counters of a listener; keep them while it lives. */
  public ListenerMetrics listener(String id) {
    return handle(listeners, id, k -> new ListenerMetrics());
  }

  /** The counters of an upstream's connections; keep them while a pool lives. */
  public PoolMetrics pool(String upstream) {
    return handle(pools, upstream, k -> new PoolMetrics());
  }

  /**
   * Measures how late this loop is and samples its pools, from now on. Call on the loop.
   *
   * @return id of the timer, to be cancelled when the loop's verticle stops
   */
  public long watch(Loop loop, PoolGauges gauges) {
    LoopLag watched = new LoopLag(loop::nanoTime);
    lag = watched;
    return new LoopWatch(watched, gauges, pools -> sampled = List.copyOf(pools)).start(loop);
  }

  private static <T> T handle(Map<String, T> all, String id, Function<String, T> create) {
    T known = all.get(id);
    return known != null ? known : all.computeIfAbsent(id, create);
  }

  // What readers see, on any thread.

  Map<String, RouteMetrics> routes() {
    return routes;
  }

  Map<String, UpstreamMetrics> upstreams() {
    return upstreams;
  }

  Map<String, ListenerMetrics> listeners() {
    return listeners;
  }

  long failures(ProxyError.Cause cause) {
    return failures.value(cause);
  }

  @Nullable LoopLag lag() {
    return lag;
  }

  Map<String, PoolMetrics> pools() {
    return pools;
  }

  /** The pools as they were at the last sample. */
  List<PoolCounts> sampled() {
    return sampled;
  }

  /** Drops the series of everything else. Any thread. */
  public void retain(Set<String> routeIds, Set<String> upstreamIds, Set<String> listenerIds) {
    routes.keySet().removeIf(id -> !id.equals(NO_ROUTE) && !routeIds.contains(id));
    upstreams.keySet().retainAll(upstreamIds);
    pools.keySet().retainAll(upstreamIds);
    listeners.keySet().retainAll(listenerIds);
  }
}
