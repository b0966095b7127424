package io.sentinelgateway.observe;

import static io.sentinelgateway.observe.Metric.LOOP_LAG;
import static io.sentinelgateway.observe.Metric.LOOP_LAG_MAX;

import io.sentinelgateway.error.ProxyError;
import io.sentinelgateway.exchange.HedgeResult;
import io.sentinelgateway.exchange.MirrorResult;
import io.sentinelgateway.exchange.RetryObstacle;
import io.sentinelgateway.exchange.TunnelEnd;
import io.sentinelgateway.target.Outcome;
import io.sentinelgateway.tls.HandshakeFailure;
import io.sentinelgateway.wire.Http2Abuse;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Sums the counters of all loops for one scrape. Confined to the thread that reads. */
final class LoopFold {

  private final List<LoopMetrics> loops;
  private final Families out;

  LoopFold(List<LoopMetrics> loops, Families out) {
    this.loops = loops;
    this.out = out;
  }

  void fold() {
    routes();
    upstreams();
    listeners();
    failures();
    new PoolFold(loops, out).fold();
    for (int i = 0; i < loops.size(); i++) {
      lag(Integer.toString(i), loops.get(i).lag());
    }
  }

  private void routes() {
    Map<String, RouteTotal> totals = new TreeMap<>();
    for (LoopMetrics loop : loops) {
      loop.routes().forEach((id, r) -> totals.computeIfAbsent(id, k -> new RouteTotal()).add(r));
    }
    totals.forEach((id, total) -> total.expose(id, out));
  }

  private void upstreams() {
    Map<String, UpstreamTotal> totals = new TreeMap<>();
    for (LoopMetrics loop : loops) {
      loop.upstreams()
          .forEach((id, u) -> totals.computeIfAbsent(id, k -> new UpstreamTotal()).add(u));
    }
    totals.forEach((id, total) -> total.expose(id, out));
  }

  private void listeners() {
    Map<String, ListenerTotal> totals = new TreeMap<>();
    for (LoopMetrics loop : loops) {
      loop.listeners()
          .forEach((id, l) -> totals.computeIfAbsent(id, k -> new ListenerTotal()).add(l));
    }
    totals.forEach((id, total) -> total.expose(id, out));
  }

  /** Every reason, at zero too: an alert can be written before the first failure. */
  private void failures() {
    for (ProxyError.Cause cause : ProxyError.Cause.values()) {
      long sum = loops.stream().mapToLong(l -> l.failures(cause)).sum();
      out.counter(Metric.FAILURES, sum, cause.code());
    }
  }

  private void lag(String loop, @Nullable LoopLag lag) {
    if (lag != null) {
      Histogram.Total total = new Histogram.Total(Buckets.LAG);
      total.add(lag.delays());
      out.histogram(LOOP_LAG, total, loop);
      out.gauge(LOOP_LAG_MAX, lag.maxNanos() / 1e9, loop);
    }
  }

  private static final class RouteTotal {

    private record Series(MethodLabel method, int status) {}

    private final Map<Series, Long> requests = new HashMap<>();
    private final Histogram.Total durations = new Histogram.Total(Buckets.REQUESTS);
    private long requestBytes;
    private long responseBytes;

    void add(RouteMetrics part) {
      part.requests.forEach((m, status, n) -> requests.merge(new Series(m, status), n, Long::sum));
      durations.add(part.durations);
      requestBytes += part.requestBytes.value();
      responseBytes += part.responseBytes.value();
    }

    void expose(String id, Families out) {
      requests.forEach(
          (s, n) -> out.counter(Metric.REQUESTS, n, id, s.method().name(), status(s.status())));
      out.histogram(Metric.REQUEST_DURATION, durations, id);
      out.counter(Metric.REQUEST_BYTES, requestBytes, id);
      out.counter(Metric.RESPONSE_BYTES, responseBytes, id);
    }

    private static String status(int status) {
      return status == StatusCounts.OTHER_STATUS ? "other" : Integer.toString(status);
    }
  }

  private static final class UpstreamTotal {

    private final Map<Outcome, Long> attempts = new EnumMap<>(Outcome.class);
    private final Map<RetryObstacle, Long> notRetried = new EnumMap<>(RetryObstacle.class);
    private final Map<HedgeResult, Long> hedges = new EnumMap<>(HedgeResult.class);
    private final Map<MirrorResult, Long> copies = new EnumMap<>(MirrorResult.class);
    private long retries;

    void add(UpstreamMetrics part) {
      for (Outcome outcome : Outcome.values()) {
        attempts.merge(outcome, part.attempts(outcome), Long::sum);
      }
      for (MirrorResult result : MirrorResult.values()) {
        copies.merge(result, part.copies(result), Long::sum);
      }
      retries += part.retries();
      for (RetryObstacle obstacle : RetryObstacle.values()) {
        notRetried.merge(obstacle, part.notRetried(obstacle), Long::sum);
      }
      for (HedgeResult result : HedgeResult.values()) {
        hedges.merge(result, part.hedges(result), Long::sum);
      }
    }

    void expose(String id, Families out) {
      attempts.forEach(
          (outcome, n) -> {
            String label = outcome.name().toLowerCase(Locale.ROOT);
            out.counter(Metric.UPSTREAM_ATTEMPTS, n, id, label);
          });
      out.counter(Metric.UPSTREAM_RETRIES, retries, id);
      notRetried.forEach((o, n) -> out.counter(Metric.UPSTREAM_NOT_RETRIED, n, id, o.word()));
      hedges.forEach((result, n) -> out.counter(Metric.UPSTREAM_HEDGES, n, id, result.word()));
      exposeCopies(id, out);
    }

    /** Few upstreams get copies; only those have these series, and then all of them. */
    private void exposeCopies(String id, Families out) {
      if (copies.values().stream().anyMatch(n -> n > 0)) {
        copies.forEach(
            (result, n) ->
                out.counter(
                    result.dropped() ? Metric.MIRROR_DROPPED : Metric.MIRROR_ANSWERS,
                    n,
                    id,
                    result.word()));
      }
    }
  }

  private static final class ListenerTotal {

    private long accepted;
    private long open;
    private final Map<Refusal, Long> refused = new EnumMap<>(Refusal.class);
    private long active;
    private long handshakes;
    private long tunnels;
    private long tunnelBytesToOrigin;
    private long tunnelBytesToClient;
    private final Map<TunnelEnd, Long> tunnelEnds = new EnumMap<>(TunnelEnd.class);
    private final Map<HandshakeFailure, Long> handshakeFailures =
        new EnumMap<>(HandshakeFailure.class);
    private final Map<Http2Abuse, Long> http2Abuses = new EnumMap<>(Http2Abuse.class);
    private final PassageTotal passages = new PassageTotal();

    void add(ListenerMetrics part) {
      passages.add(part);
      for (Http2Abuse reason : Http2Abuse.values()) {
        http2Abuses.merge(reason, part.http2Abuses(reason), Long::sum);
      }
      handshakes += part.handshakes();
      for (HandshakeFailure reason : HandshakeFailure.values()) {
        handshakeFailures.merge(reason, part.handshakeFailures(reason), Long::sum);
      }
      tunnels += part.tunnels();
      tunnelBytesToOrigin += part.tunnelBytesToOrigin();
      tunnelBytesToClient += part.tunnelBytesToClient();
      for (TunnelEnd reason : TunnelEnd.values()) {
        tunnelEnds.merge(reason, part.tunnelEnds(reason), Long::sum);
      }
      open += part.open();
      active += part.active();
      accepted += part.accepted();
      for (Refusal why : Refusal.values()) {
        refused.merge(why, part.refused(why), Long::sum);
      }
    }

    void expose(String id, Families out) {
      passages.expose(id, out);
      out.counter(Metric.CONNECTIONS_ACCEPTED, accepted, id);
      out.gauge(Metric.CONNECTIONS_OPEN, open, id);
      refused.forEach((why, n) -> out.counter(Metric.CONNECTIONS_REFUSED, n, id, why.word()));
      out.gauge(Metric.ACTIVE_REQUESTS, active, id);
      out.gauge(Metric.TUNNELS_OPEN, tunnels, id);
      tunnelEnds.forEach((end, n) -> out.counter(Metric.TUNNELS_ENDED, n, id, end.word()));
      out.counter(Metric.TUNNEL_BYTES, tunnelBytesToOrigin, id, "to_origin");
      out.counter(Metric.TUNNEL_BYTES, tunnelBytesToClient, id, "to_client");
      out.counter(Metric.TLS_HANDSHAKES, handshakes, id);
      http2Abuses.forEach((reason, n) -> out.counter(Metric.HTTP2_ABUSES, n, id, reason.code()));
      handshakeFailures.forEach(
          (reason, n) -> out.counter(Metric.TLS_HANDSHAKE_FAILURES, n, id, reason.code()));
    }
  }
}
