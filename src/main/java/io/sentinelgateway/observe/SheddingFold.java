package io.sentinelgateway.observe;

import io.sentinelgateway.error.ProxyError.Cause;
import io.sentinelgateway.resilience.CircuitBreaker.State;
import io.sentinelgateway.upstream.Limits;
import io.sentinelgateway.upstream.Upstream;
import io.sentinelgateway.upstream.UpstreamState;
import java.util.Collection;
import java.util.Locale;
import java.util.Map;

/** What upstreams refuse and why, for one scrape. Confined to the thread that reads. */
final class SheddingFold {

  private final Families out;

  SheddingFold(Families out) {
    this.out = out;
  }

  /** Only what is configured has series. */
  void fold(Collection<Upstream> upstreams) {
    for (Upstream upstream : upstreams) {
      Map<State, Integer> breakers = upstream.breakers();
      Limits limits = upstream.limits();
      if (!breakers.isEmpty()) {
        breakers(upstream, breakers);
      }
      if (limits != null) {
        limits(upstream.id(), limits);
      }
      if (!breakers.isEmpty() || limits != null) {
        rejections(upstream);
      }
      if (upstream.settings().fallback().isPresent()) {
        out.counter(Metric.UPSTREAM_FALLBACKS, upstream.state().fallbacks(), upstream.id());
      }
    }
  }

  private void breakers(Upstream upstream, Map<State, Integer> breakers) {
    breakers.forEach(
        (state, n) -> {
          String label = state.name().toLowerCase(Locale.ROOT);
          long changes = upstream.state().transitions(state);
          out.gauge(Metric.BREAKERS, n, upstream.id(), label);
          out.counter(Metric.BREAKER_TRANSITIONS, changes, upstream.id(), label);
        });
  }

  private void limits(String id, Limits limits) {
    int limit = Math.min(limits.inForce(), limits.learnt());
    out.gauge(Metric.LIMIT, limit == Integer.MAX_VALUE ? Double.POSITIVE_INFINITY : limit, id);
    out.gauge(Metric.LIMIT_ACTIVE, limits.active(), id);
    out.gauge(Metric.LIMIT_PENDING, limits.waiting(), id);
  }

  private void rejections(Upstream upstream) {
    UpstreamState state = upstream.state();
    out.counter(
        Metric.UPSTREAM_WOULD_REJECT,
        state.connections().exceeded(),
        upstream.id(),
        Cause.CONNECTION_LIMIT.code());
    for (Cause reason : UpstreamState.REASONS) {
      out.counter(Metric.UPSTREAM_REJECTED, state.rejections(reason), upstream.id(), reason.code());
      out.counter(
          Metric.UPSTREAM_WOULD_REJECT,
          state.wouldBeRejections(reason),
          upstream.id(),
          reason.code());
    }
  }
}
