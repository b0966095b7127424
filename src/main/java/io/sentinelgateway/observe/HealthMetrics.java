package io.sentinelgateway.observe;

import io.sentinelgateway.target.Condition;
import io.sentinelgateway.upstream.Upstream;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/** The health of targets. Thread-safe; written by the control plane. */
public final class HealthMetrics {

  private record Change(String upstream, Condition to, String reason) {}

  private final Map<Change, Long> changes = new HashMap<>();

  HealthMetrics() {}

  /**
   * The health of a target has changed.
   *
   * @param reason one of a few words
   */
  public synchronized void changed(String upstream, Condition to, String reason) {
    changes.merge(new Change(upstream, to, reason), 1L, Long::sum);
  }

  synchronized void retain(Set<String> ids) {
    changes.keySet().removeIf(change -> !ids.contains(change.upstream()));
  }

  synchronized void expose(Collection<Upstream> upstreams, Families out) {
    changes.forEach(
        (change, n) ->
            out.counter(
                Metric.TARGET_CHANGES, n, change.upstream(), change.to().word(), change.reason()));
    upstreams.forEach(upstream -> expose(upstream, out));
  }

  private static void expose(Upstream upstream, Families out) {
    Map<Condition, Long> targets = new EnumMap<>(Condition.class);
    for (Condition condition : Condition.values()) {
      targets.put(condition, 0L);
    }
    upstream
        .targets()
        .forEach(target -> targets.merge(target.state().standing().condition(), 1L, Long::sum));
    targets.forEach(
        (condition, n) -> out.gauge(Metric.TARGETS, n, upstream.id(), condition.word()));
    out.gauge(Metric.UPSTREAM_PANIC, upstream.panic() ? 1 : 0, upstream.id());
  }
}
